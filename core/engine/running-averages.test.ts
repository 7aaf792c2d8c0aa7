import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { network } from '../../presets/builder.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { compileInference, compileTraining } from './compile.ts'
import type { Batch, StepConfig } from './executor.ts'
import { createOnnxExecutor } from './executors/onnx.ts'
import { initialWeights, layoutOf } from './layout.ts'
import { Program } from './program.ts'
import { distinct } from './testing.ts'

const config: StepConfig = { batch: 4, optimizer: { type: 'sgd', momentum: 0.9, weightDecay: 0 } }
const executor = createOnnxExecutor(ort, { threads: 1 })
const CHANNELS = 3
const AREA = 4

/** Batch norm right behind the input, so that its statistics are those of the images. */
function normalized(momentum = 0.1): NetworkDocument {
  const net = network('normalized')
  net.add('input', 'in', { shape: [CHANNELS, 2, 2] })
  net.add('batchnorm', 'bn', { momentum })
  net.add('flatten', 'flat')
  net.add('dense', 'out', { units: 2 })
  return net.build()
}

const images = (samples: number): Float32Array => distinct(samples * CHANNELS * AREA, 3, -1, 5)
const labels = (samples: number): Int32Array => Int32Array.from({ length: samples }, (_, i) => i % 2)
const full: Batch = { images: images(4), labels: labels(4), count: 4 }

/** Mean and unbiased variance of each channel over the first samples. */
function statistics(values: Float32Array, samples: number) {
  return Array.from({ length: CHANNELS }, (_, c) => {
    const own = [...values.subarray(0, samples * CHANNELS * AREA)].filter(
      (_, i) => Math.floor(i / AREA) % CHANNELS === c,
    )
    const mean = own.reduce((sum, v) => sum + v, 0) / own.length
    const variance = own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (own.length - 1)
    return { mean, variance }
  })
}

/** Running mean and variance as they lie behind the trained weights. */
const running = (document: NetworkDocument, weights: Float32Array) => {
  const slot = (name: string) => {
    const { offset, size } = layoutOf(document).slots.find((s) => s.name === `bn.${name}`)!
    return [...weights.subarray(offset, offset + size)]
  }
  return { mean: slot('running_mean'), variance: slot('running_var') }
}

async function afterSteps(document: NetworkDocument, batches: readonly Batch[], batch = config.batch) {
  const session = await executor.training(document, { ...config, batch })
  try {
    await session.restore(initialWeights(document, 1), null)
    const losses: number[] = []
    for (const one of batches) losses.push((await session.step(one, 0.1, 1)).loss)
    return { weights: await session.weights(), losses }
  } finally {
    await session.dispose()
  }
}

describe('weights that layers assign to', () => {
  it('hold the running averages of batch norm after each step, with the unbiased variance', async () => {
    const document = normalized(0.1)
    const { weights } = await afterSteps(document, [full, full])
    const { mean, variance } = running(document, weights)
    for (const [c, known] of statistics(full.images, 4).entries()) {
      expect(mean[c]).toBeCloseTo(0.1 * known.mean + 0.9 * 0.1 * known.mean, 5)
      expect(variance[c]).toBeCloseTo(0.81 + 0.1 * known.variance + 0.09 * known.variance, 5)
    }
  })

  it('do not see the rows that fill up a batch, and neither does the gradient', async () => {
    const document = normalized(1)
    const part: Batch = { images: full.images.slice(), labels: labels(4), count: 3 }
    part.images.fill(77, 3 * CHANNELS * AREA)
    const padded = await afterSteps(document, [part, part])
    const own = { images: images(4).slice(0, 3 * CHANNELS * AREA), labels: labels(3), count: 3 }
    const exact = await afterSteps(document, [own, own], 3)
    for (const [i, weight] of exact.weights.entries()) expect(padded.weights[i]).toBeCloseTo(weight, 5)
    for (const [i, loss] of exact.losses.entries()) expect(padded.losses[i]).toBeCloseTo(loss, 5)
    for (const [c, known] of statistics(own.images, 3).entries()) {
      expect(running(document, padded.weights).mean[c]).toBeCloseTo(known.mean, 5)
      expect(running(document, padded.weights).variance[c]).toBeCloseTo(known.variance, 4)
    }
  })

  it('stay as they were after a step whose loss is not finite', async () => {
    const document = normalized()
    const { weights } = await afterSteps(document, [full])
    const bad = { ...full, images: new Float32Array(full.images.length).fill(Number.NaN) }
    expect((await afterSteps(document, [full, bad])).weights).toEqual(weights)
  })

  it('are what evaluation uses, whatever the batch holds', async () => {
    const document = normalized()
    const { weights } = await afterSteps(document, [full, full])
    const session = await executor.inference(document, 4)
    await session.setWeights(weights)
    const together = await session.run(full.images)
    const first = full.images.slice()
    first.fill(0, CHANNELS * AREA)
    expect((await session.run(first)).slice(0, 2)).toEqual(together.slice(0, 2))
    await session.dispose()
    const { program } = compileInference(document, 4)
    expect([...program.inputs.keys()].sort()).toEqual(['fixed', 'images', 'weights'])
  })

  it('keep finite averages of one value a channel', async () => {
    const net = network('vector')
    net.add('input', 'in', { shape: [CHANNELS, 1, 1] })
    net.add('flatten', 'flat')
    net.add('batchnorm', 'bn', { momentum: 0.5 })
    net.add('dense', 'out', { units: 2 })
    const document = net.build()
    const one = { images: Float32Array.of(4, 5, 6), labels: labels(1), count: 1 }
    const { weights } = await afterSteps(document, [one], 1)
    expect(running(document, weights)).toEqual({ mean: [2, 2.5, 3], variance: [0.5, 0.5, 0.5] })
  })

  it('are an output of their own, only where there are any', () => {
    const { program } = compileTraining(normalized(), config)
    expect([...program.outputs.keys()]).toContain('next.fixed')
    expect(program.outputs.get('next.fixed')!.shape).toEqual([2 * CHANNELS])
  })
})

it('a weight takes one value, of its own shape', () => {
  const b = new Program()
  const weight = b.input('w', [2])
  expect(() => b.average(weight, b.input('v', [3]), 0.1)).toThrow('average: expected [2], got [3]')
  b.average(weight, weight, 0.1)
  expect(() => b.average(weight, weight, 0.1)).toThrow('average: expected one value a weight')
})

it('all layers of a program share one batch', () => {
  const b = new Program()
  const [scale, shift] = [b.input('scale', [2]), b.input('shift', [2])]
  b.batchNorm(b.input('x', [4, 2]), scale, shift, 1e-5)
  b.batchNorm(b.input('y', [4, 2, 3]), scale, shift, 1e-5)
  expect(b.inputs.get('shares')!.shape).toEqual([4])
  expect(() => b.batchNorm(b.input('z', [3, 2]), scale, shift, 1e-5)).toThrow(
    'batchNorm: expected 4 samples, got 3',
  )
})
