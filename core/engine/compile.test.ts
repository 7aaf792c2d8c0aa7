import { describe, expect, it } from 'vitest'
import { network } from '../../presets/builder.ts'
import { presetOf } from '../../presets/index.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { compileInference, compileTraining } from './compile.ts'
import { EngineError } from './error.ts'
import type { StepConfig } from './executor.ts'
import { initialWeights, layoutOf } from './layout.ts'

const config: StepConfig = { batch: 4, optimizer: { type: 'sgd', momentum: 0.9, weightDecay: 0 } }

/** Code and message of the EngineError that compiling throws. */
function refusal(document: NetworkDocument, step = config): string {
  try {
    compileTraining(document, step)
  } catch (error) {
    if (error instanceof EngineError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'compiled'
}

const chain = (...layers: [kind: string, params?: Record<string, unknown>][]): NetworkDocument => {
  const net = network('chain')
  for (const [i, [kind, params]] of layers.entries()) net.add(kind as 'input', `layer${i}`, params)
  return net.build()
}

describe('compileTraining', () => {
  it('refuses what cannot be trained, in one line that names the layer', () => {
    const input = ['input', { shape: [1, 4, 4] }] as [string, Record<string, unknown>]
    expect(refusal({ ...chain(input), layers: [], wires: [] })).toMatch(/^invalid-network: /)
    expect(refusal(chain(input, ['dense', { units: 2 }]))).toMatch(/^invalid-network: layer1: /)
    expect(refusal(chain(input, ['conv2d', { filters: 2 }]))).toMatch(
      /^wrong-output: layer1: .*one number a class.*\[2, 4, 4\]/,
    )
    expect(refusal(chain(input, ['flatten'], ['relu']))).toBe(
      'nothing-to-train: The network has no trainable weights.',
    )
    const sound = chain(input, ['flatten'], ['dense', { units: 2 }])
    expect(refusal(sound)).toBe('compiled')
    expect(refusal(sound, { ...config, batch: 0 })).toBe(
      'bad-batch: The batch size must be a whole number from 1; it is 0.',
    )
    const cyclic = { ...sound, wires: [...sound.wires, { ...sound.wires[0]!, id: 'w99' }] }
    expect(refusal(cyclic)).toMatch(/^invalid-network: /)
  })

  it('takes logits from before a softmax at the end', () => {
    const { program } = compileInference(
      chain(['input', { shape: [1, 4, 4] }], ['flatten'], ['dense', { units: 3 }], ['softmax']),
      2,
    )
    const logits = program.outputs.get('logits')!
    expect(program.operations.find((op) => op.output.id === logits.id)!.primitive.name).toBe('add')
  })

  it('has an input for everything that varies from step to step, and one output for each thing to keep', () => {
    const { program, classes, inputShape } = compileTraining(presetOf('lenet5')!.build(), config)
    expect([...program.inputs.keys()].sort()).toEqual(
      ['fixed', 'images', 'rate.rate', 'rate.momentum', 'state.velocity', 'targets', 'weights'].sort(),
    )
    expect([...program.outputs.keys()]).toEqual(['loss', 'logits', 'next.weights', 'next.velocity'])
    expect([classes, inputShape]).toEqual([10, [1, 32, 32]])
  })
})

describe('layoutOf', () => {
  it('puts trainable weights first, without gaps, named by layer and weight', () => {
    const layout = layoutOf(presetOf('lenet5')!.build())
    expect([layout.trainable, layout.size]).toEqual([60_000, 60_840])
    let offset = 0
    for (const slot of layout.slots) {
      expect(slot.offset).toBe(offset)
      expect(slot.trainable).toBe(offset < layout.trainable)
      offset += slot.size
    }
    expect(offset).toBe(layout.size)
    expect(layout.slots.at(-1)).toMatchObject({ name: 'output.codes', trainable: false, decay: false })
    expect(layout.slots[0]).toMatchObject({ name: 'c1.weight', shape: [6, 1, 5, 5], decay: true })
    expect(layout.slots[1]).toMatchObject({ name: 'c1.bias', shape: [6], decay: false })
  })
})

describe('initialWeights', () => {
  const document = presetOf('lenet5-modern')!.build()
  const slotOf = (weights: Float32Array, name: string) => {
    const slot = layoutOf(document).slots.find((candidate) => candidate.name === name)!
    return weights.subarray(slot.offset, slot.offset + slot.size)
  }

  it('depends on the seed and the name of the tensor alone', () => {
    const weights = initialWeights(document, 1)
    expect(initialWeights(document, 1)).toEqual(weights)
    expect(initialWeights(document, 2)).not.toEqual(weights)
    const fc1 = slotOf(weights, 'fc1.weight')
    expect(slotOf(weights, 'fc2.weight').slice(0, 10)).not.toEqual(fc1.slice(0, 10))
    const shorter = {
      ...document,
      layers: document.layers.filter((layer) => layer.name !== 'relu1'),
      wires: document.wires,
    }
    // without relu1 its neighbours have to be wired anew
    const [relu] = document.layers.filter((layer) => layer.name === 'relu1')
    const before = document.wires.find((wire) => wire.to.layer === relu!.id)!
    shorter.wires = document.wires
      .filter((wire) => wire !== before)
      .map((wire) => (wire.from.layer === relu!.id ? { ...wire, from: before.from } : wire))
    expect(initialWeights(shorter, 1)).toEqual(weights)
  })

  it('has the spread that He et al. 2015 ask for, and zero biases', () => {
    const weights = initialWeights(document, 3)
    const values = slotOf(weights, 'fc1.weight')
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)
    const wanted = Math.sqrt(2 / 400)
    expect(Math.abs(mean)).toBeLessThan((4 * wanted) / Math.sqrt(values.length))
    expect(Math.abs(deviation / wanted - 1)).toBeLessThan(4 / Math.sqrt(2 * values.length))
    expect(slotOf(weights, 'fc1.bias').every((v) => v === 0)).toBe(true)
  })

  it("keeps within LeNet's 2.4 / fan-in, for each map of C3 by its own connections", () => {
    const lenet = presetOf('lenet5')!.build()
    const weights = initialWeights(lenet, 1)
    for (const [name, fanIn] of [
      ['c1.weight', 25],
      ['f6.weight', 120],
    ] as const) {
      const slot = layoutOf(lenet).slots.find((candidate) => candidate.name === name)!
      const largest = weights
        .subarray(slot.offset, slot.offset + slot.size)
        .reduce((most, v) => Math.max(most, Math.abs(v)), 0)
      expect(largest).toBeLessThanOrEqual(2.4 / fanIn)
      expect(largest).toBeGreaterThan((0.9 * 2.4) / fanIn)
    }
  })
})
