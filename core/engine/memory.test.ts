import { describe, expect, it } from 'vitest'
import { presetOf } from '../../presets/index.ts'
import { largestBatch, liveBytes, type PlannedStep, planMemory } from './memory.ts'
import { Program } from './program.ts'

const step = (batch: number): PlannedStep => ({
  batch,
  optimizer: { type: 'sgd', momentum: 0.9, weightDecay: 0 },
  profile: 'standard',
})
const network = (id: string) => presetOf(id)!.build()

describe('liveBytes', () => {
  it('counts what is alive at once: operands until their last reader, results but not outputs', () => {
    const b = new Program()
    const x = b.input('x', [100])
    const first = b.relu(x)
    const second = b.tanh(first)
    // first (400 bytes) and second are read here for the last time, beside the sum itself
    const sum = b.add(first, second)
    b.output('y', b.relu(b.relu(sum)))
    expect(liveBytes(b)).toBe(3 * 400)
  })

  it('counts another shape of a value once, and keeps it for the later reader', () => {
    const b = new Program()
    const first = b.relu(b.input('x', [10, 10]))
    const flat = b.reshape(first, [100])
    const squares = b.mul(flat, flat)
    b.output('y', b.add(squares, b.reshape(first, [100])))
    expect(liveBytes(b)).toBe(2 * 400)
  })
})

describe('planMemory', () => {
  it('grows with the batch by the part that a batch takes, and with optimizer state', () => {
    const small = planMemory(network('resnet-20-cifar'), step(16))
    const large = planMemory(network('resnet-20-cifar'), step(32))
    expect(large.fixed).toBe(small.fixed)
    expect(large.step / small.step).toBeCloseTo(2, 1)
    const adam = { type: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const
    const more = planMemory(network('resnet-20-cifar'), { ...step(32), optimizer: adam })
    expect(more.checkpoint).toBeGreaterThan(large.checkpoint)
    expect(large.total).toBe(large.fixed + large.checkpoint + large.step + large.evaluation + large.batches)
  })
})

describe('largestBatch', () => {
  it('is the last batch whose plan fits', () => {
    const document = network('lenet5')
    const { total } = planMemory(document, step(777))
    expect(largestBatch(document, step(1), total)).toBe(777)
    expect(largestBatch(document, step(1), total - 1)).toBe(776)
  })

  it('is 0 where not even one sample fits', () => {
    expect(largestBatch(network('lenet5'), step(64), 1e6)).toBe(0)
  })
})
