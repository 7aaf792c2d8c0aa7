import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { kinds, resolveParams } from '../layers/index.ts'
import type { AnyKind } from '../layers/registry.ts'
import { appendGradients } from './autodiff.ts'
import { interpret } from './executors/reference.ts'
import type { Feeds } from './feeds.ts'
import { sizeOf } from './ops/primitive.ts'
import { Program } from './program.ts'
import { streamKeys } from './random.ts'
import { distinct, gradientError, relativeError, runOnnx } from './testing.ts'

const BATCH = 2
/** Examples above this many elements or multiply-accumulates are executed, but not differentiated numerically. */
const SMALL = 50_000

interface Row {
  readonly name: string
  readonly kind: AnyKind
  readonly example: AnyKind['examples'][number]
}

const rows: Row[] = kinds.flatMap((kind) =>
  kind.examples.map((example, i) => ({ name: `${kind.kind} ${i + 1}`, kind, example })),
)

const isSmall = ({ example }: Row): boolean =>
  Math.max(example.macs, ...[...example.inputs, example.output].map(sizeOf), example.trainable) <= SMALL

/** The layer of an example in training, its inputs and weights as `x0`, `x1`..., with gradients when asked for. */
function build({ kind, example }: Row, withGradients: boolean) {
  const { params } = resolveParams(kind, example.params ?? {})
  const program = new Program()
  // an input layer passes on what it is given
  const samples = example.inputs.length > 0 ? example.inputs : [example.output]
  const inputs = samples.map((shape, i) => program.input(`x${i}`, [BATCH, ...shape]))
  const specs = kind.weights?.(params, example.inputs) ?? []
  const weights = specs.map((spec, i) => program.input(`x${inputs.length + i}`, spec.shape))
  const named = Object.fromEntries(specs.map((spec, i) => [spec.name, weights[i]!]))
  const y = kind.forward(program, params, inputs, named, { training: true, stream: 1 })
  program.output('y', y)
  const targets = [...inputs, ...weights]
  if (withGradients) {
    const upstream = program.constant(distinct(sizeOf(y.shape), 99, 0.5, 1.5), y.shape)
    const axes = y.shape.map((_, axis) => axis)
    const loss = program.sum(program.mul(y, upstream), axes)
    program.output('loss', loss)
    for (const [i, gradient] of appendGradients(program, loss, targets).entries()) {
      program.output(`g${i}`, gradient)
    }
  }
  const feeds: Feeds = {
    ...Object.fromEntries(targets.map(({ shape }, i) => [`x${i}`, distinct(sizeOf(shape), i + 1, -1, 1)])),
    ...(program.inputs.has('shares') ? { shares: new Float32Array(BATCH).fill(1 / BATCH) } : {}),
    ...Object.fromEntries(program.random.map(({ name }) => [name, streamKeys(1, 0, 1, 0)])),
  }
  return { program, feeds, targets, expected: kind.inferShape(params, example.inputs) }
}

describe('layer kinds', () => {
  it('each have an example small enough to be differentiated numerically', () => {
    const covered = new Set(rows.filter(isSmall).map((row) => row.kind.kind))
    expect(kinds.map((kind) => kind.kind).filter((kind) => !covered.has(kind))).toEqual([])
  })

  it.each(rows)('$name: the executed shape is the inferred one', async (row) => {
    const { program, feeds, expected } = build(row, false)
    const { y } = await runOnnx(ort, program, feeds)
    expect(y!.shape).toEqual([BATCH, ...expected])
    expect(y!.data.every(Number.isFinite)).toBe(true)
  })

  it.each(rows.filter(isSmall))('$name: gradients are those of central differences', (row) => {
    const { program, feeds, targets } = build(row, true)
    expect(gradientError(program, feeds, targets.length, 2)).toBeLessThan(1e-6)
  })

  it.each(rows.filter(isSmall))(
    '$name: ONNX Runtime gives the reference, gradients included',
    async (row) => {
      const { program, feeds } = build(row, true)
      const expected = interpret(program, feeds)
      const got = await runOnnx(ort, program, feeds)
      delete expected.loss
      for (const [name, { data }] of Object.entries(expected)) {
        expect(relativeError(got[name]!.data, data), name).toBeLessThan(1e-5)
      }
    },
  )
})
