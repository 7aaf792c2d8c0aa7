import { expect, test } from 'vitest'
import { appendGradients } from '../../core/engine/autodiff.ts'
import type { LossConfig } from '../../core/engine/executor.ts'
import { REJECTION } from '../../core/engine/losses/distances.ts'
import { lossOf } from '../../core/engine/losses/index.ts'
import { targetRows } from '../../core/engine/losses/targets.ts'
import { Program } from '../../core/engine/program.ts'
import type { Head } from '../../core/layers/kind.ts'
import { lossOf as scoringLossOf } from '../../core/training/loss.ts'
import { presetOf } from '../../presets/index.ts'
import { apart } from './compare.ts'
import { runOnnx, runReference, type Trial } from './layer-program.ts'
import { readGolden } from './read.ts'

interface LossCase {
  readonly name: string
  readonly head: Head
  readonly config: LossConfig
}

const golden = readGolden('losses.safetensors')
const cases = JSON.parse(golden.metadata.cases!) as LossCase[]

/** The loss of a case with the mean taken over its first `count` rows, and its gradient by the layer's outputs. */
function lossTrial({ name, head, config }: LossCase): Trial<Float32Array | Float64Array> {
  const { shape, data } = golden.array(`${name}/outputs`)
  const [rows, classes] = shape as [number, number]
  const targets = targetRows(golden.array(`${name}/labels`).data, rows, classes, config)
  const program = new Program()
  const outputs = program.input('outputs', shape)
  const logits = head === 'distances' ? program.affine(outputs, -1) : outputs
  const mean = lossOf(head, config)(program, logits, program.input('targets', shape))
  program.output('loss', mean)
  program.output('gradient', appendGradients(program, mean, [outputs])[0]!)
  const expected = ['loss', 'gradient'].map(
    (of) => [of, golden.array(`${name}/${of}`).data as Float64Array] as const,
  )
  return {
    program,
    feeds: { outputs: data as Float32Array, targets },
    expected: Object.fromEntries(expected),
  }
}

test('the golden values were made with the rejection distance that the engine has', () => {
  expect(Number(golden.metadata.rejection)).toBe(REJECTION)
})

test.each(cases)('$name: value and gradient are those of PyTorch', async (row) => {
  const trial = lossTrial(row)
  const [reference, onnx] = [runReference(trial), await runOnnx(trial)]
  for (const [name, values] of Object.entries(trial.expected)) {
    expect(apart(reference[name]!.data, values), `${name} in float64`).toBeLessThan(1e-10)
    expect(apart(onnx[name]!.data, values), `${name} in float32`).toBeLessThan(1e-5)
  }
})

/** Networks that put out the numbers of each head. */
const scored = new Map<Head, string>([
  ['logits', 'lenet5-modern'],
  ['distances', 'lenet5'],
])

test.each(cases.filter(({ head }) => scored.has(head)))(
  '$name: scoring gives the same',
  ({ name, ...row }) => {
    const { shape, data } = golden.array(`${name}/outputs`)
    const score = scoringLossOf(presetOf(scored.get(row.head)!)!.build(), row.config)
    const rows = Array.from(golden.array(`${name}/labels`).data, (label, i) => {
      const outputs = Float64Array.from(data.subarray(i * shape[1]!, (i + 1) * shape[1]!))
      return score(row.head === 'distances' ? outputs.map((value) => -value) : outputs, label)
    })
    const weight = rows.reduce((sum, one) => sum + one.weight, 0)
    const mean = rows.reduce((sum, one) => sum + one.weight * one.loss, 0) / weight
    expect(apart([mean], golden.array(`${name}/loss`).data)).toBeLessThan(1e-12)
  },
)
