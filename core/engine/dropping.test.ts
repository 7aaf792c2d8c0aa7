import { describe, expect, it } from 'vitest'
import { type KindName, registry, resolveParams } from '../layers/index.ts'
import type { AnyKind } from '../layers/registry.ts'
import { interpret } from './executors/reference.ts'
import { Program } from './program.ts'
import { streamKeys } from './random.ts'

const SHAPE: readonly number[] = [400, 8, 3, 3]
const PLACES = 9

/** Values of a layer over a batch of ones in training, at one step of a run. */
function drop(kind: KindName, params: Record<string, unknown>, step = 0): number[] {
  const program = new Program()
  const x = program.input('x', SHAPE)
  const layer = registry[kind] as AnyKind
  const resolved = resolveParams(layer, params).params
  program.output('y', layer.forward(program, resolved, [x], {}, { training: true, stream: 3 }))
  const keys = program.random.map(({ name, stream, part }) => [name, streamKeys(7, step, stream, part)])
  const ones = new Float32Array(SHAPE.reduce((product, n) => product * n)).fill(1)
  return [...interpret(program, { x: ones, ...Object.fromEntries(keys) }).y!.data]
}

/** Values in pieces of one length, each of which must be all alike; one value of each. */
function pieces(values: number[], length: number): number[] {
  const heads = values.filter((_, i) => i % length === 0)
  expect(values.every((value, i) => value === heads[Math.floor(i / length)])).toBe(true)
  return heads
}

/** Binomial, within four standard deviations. */
function expectShare(values: number[], rate: number): void {
  const dropped = values.filter((value) => value === 0).length
  for (const value of values) if (value !== 0) expect(value).toBeCloseTo(1 / (1 - rate), 12)
  const spread = Math.sqrt(values.length * rate * (1 - rate))
  expect(Math.abs(dropped - values.length * rate)).toBeLessThan(4 * spread)
}

describe('in training', () => {
  it('dropout drops single values', () => expectShare(drop('dropout', { rate: 0.3 }), 0.3))

  it('channel dropout drops whole channels', () =>
    expectShare(pieces(drop('channel-dropout', { rate: 0.3 }), PLACES), 0.3))

  it('stochastic depth drops whole samples', () =>
    expectShare(pieces(drop('stochastic-depth', { rate: 0.3 }), 8 * PLACES), 0.3))

  it('stochastic depth drops whole batches', () => {
    const params = { rate: 0.4, per: 'batch' }
    const size = SHAPE.reduce((product, n) => product * n)
    expectShare(
      Array.from({ length: 60 }, (_, step) => pieces(drop('stochastic-depth', params, step), size)[0]!),
      0.4,
    )
  })
})

it.each(['dropout', 'channel-dropout', 'stochastic-depth'] as const)(
  '%s does nothing in evaluation, nor at rate 0',
  (kind) => {
    const program = new Program()
    const x = program.input('x', [2, 3, 4])
    const layer = registry[kind] as AnyKind
    const forward = (params: Record<string, unknown>, training: boolean) =>
      layer.forward(program, resolveParams(layer, params).params, [x], {}, { training, stream: 0 })
    expect(forward({ rate: 0.9 }, false)).toBe(x)
    expect(forward({ rate: 0 }, true)).toBe(x)
  },
)
