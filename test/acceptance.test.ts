import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import type { Dataset } from '../core/data/dataset.ts'
import { loadDataset } from '../core/data/sources/index.ts'
import { prepare } from '../core/data/transform.ts'
import { writeNpy } from '../core/formats/npy.ts'
import { nodeFiles } from '../electron/trainer/feed/index.ts'
import { file, home, json, run } from './cli.ts'

/** What a person is promised, held from outside: by the command line, its files and other programs alone. */

const MNIST = join(import.meta.dirname, '..', '..', 'shared', 'data', 'mnist')
const hasMnist = existsSync(MNIST)
if (!hasMnist) console.log('MNIST is not at ../shared/data/mnist: what needs real digits is not tested')

interface Event {
  readonly type: string
  readonly valAccuracy?: number
}
interface Row {
  readonly class: string
  readonly probability: number
  readonly logits: readonly number[]
}

const softmax = (logits: ArrayLike<number>): number[] => {
  const values = Array.from(logits)
  const largest = Math.max(...values)
  const powers = values.map((value) => Math.exp(value - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

/** Trains by the command line and gives the accuracy the last event tells. */
async function train(out: string, ...args: string[]): Promise<number> {
  const { code, stdout, stderr } = await run('train', ...args, '--seed', '1', '--out', out, '--json')
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Event
  expect(last.type).toBe('finished')
  return last.valAccuracy!
}

/** The first `count` digits as a network with 32 x 32 inputs takes them, by the dataset's own transform. */
async function digits(count: number): Promise<{ images: Float32Array; dataset: Dataset }> {
  const dataset = await loadDataset(`mnist:${MNIST}`, nodeFiles, { seed: 1, limit: count })
  const write = prepare(dataset, { shape: [1, 32, 32], fit: 'pad', normalization: 'zero-one' })
  const images = new Float32Array(count * 1024)
  for (let sample = 0; sample < count; sample++) write(sample, images, sample * 1024)
  return { images, dataset }
}

describe('the modern LeNet-5', () => {
  it('reaches 98% on the generated digits with its recipe', { timeout: 300_000 }, async () => {
    expect(await train(join(home, 'digits'), 'lenet5-modern', '--data', 'digits')).toBeGreaterThanOrEqual(
      0.98,
    )
  })

  it.runIf(hasMnist)(
    'gives the same probabilities as its ONNX file on 100 real digits',
    { timeout: 300_000 },
    async () => {
      const out = join(home, 'mnist')
      await train(out, 'lenet5-modern', '--data', `mnist:${MNIST}`, '--epochs', '1', '--limit', '3000')
      const onnx = join(home, 'lenet.onnx')
      expect((await run('export', out, '--format', 'onnx', '--out', onnx)).code).toBe(0)

      const { images } = await digits(100)
      const array = file('digits.npy', writeNpy({ shape: [100, 1, 32, 32], data: images }))
      const ours = await json<Row[]>('predict', out, array, '--logits')
      const session = await ort.InferenceSession.create(readFileSync(onnx))
      const { logits } = await session.run({ input: new ort.Tensor('float32', images, [100, 1, 32, 32]) })
      await session.release()
      let worst = 0
      ours.forEach((row, index) => {
        const theirs = softmax((logits!.data as Float32Array).subarray(index * 10, index * 10 + 10))
        softmax(row.logits).forEach((value, k) => {
          worst = Math.max(worst, Math.abs(value - theirs[k]!))
        })
        expect(Math.abs(row.probability - Math.max(...theirs))).toBeLessThan(1e-5)
      })
      expect(ours).toHaveLength(100)
      expect(new Set(ours.map((row) => row.class)).size).toBeGreaterThan(5)
      expect(worst).toBeLessThan(1e-5)
    },
  )
})
