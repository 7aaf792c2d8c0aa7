import { readdirSync } from 'node:fs'
import * as ort from 'onnxruntime-node'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileTraining, type TrainingProgram } from '../../core/engine/compile.ts'
import type { Batch } from '../../core/engine/executor.ts'
import { createOnnxExecutor } from '../../core/engine/executors/onnx.ts'
import { interpret } from '../../core/engine/executors/reference.ts'
import { targetRows } from '../../core/engine/losses/targets.ts'
import { firstOf, lastApart, NETWORKS, type NetworkRun, readNetworkRun } from './networks.ts'
import { DATA } from './read.ts'
import { batchOf } from './training-run.ts'

/** Relative to PyTorch's float64; its own float32 is within 1e-6 of the losses. */
const LOSS = 1e-4
const WEIGHTS = 1e-4

/** Of the 64-bit interpreter, whose plain loops are slow: an update and a batch short of rows. */
const REFERENCE_STEPS = 2
const REFERENCE_LOSS = 1e-9

/** Nothing in these networks is random, so any seed will do. */
const SEED = 1

const names = Object.keys(NETWORKS)

test('every golden network has a network of the app', () => {
  const files = readdirSync(new URL('networks/', DATA)).map((file) => file.replace('.safetensors', ''))
  expect(files.sort()).toEqual([...names].sort())
})

/** Losses of the first steps, all in 64-bit floats. */
function* referenceLosses(run: NetworkRun, compiled: TrainingProgram, first: Float32Array) {
  const { trainable, size } = compiled.layout
  let weights: ArrayLike<number> = first.subarray(0, trainable)
  let fixed: ArrayLike<number> = first.subarray(trainable)
  let state = compiled.optimizer.state.map((name) => [name, new Float64Array(trainable)] as const)
  for (const [step, rate] of run.rates.slice(0, REFERENCE_STEPS).entries()) {
    const batch = batchOf(run, step, compiled.inputShape, compiled.classes)
    const out = interpret(compiled.program, {
      ...exactFeeds(compiled, batch),
      ...Object.fromEntries(
        Object.entries(compiled.optimizer.rates(rate, step)).map(([name, v]) => [`rate.${name}`, [v]]),
      ),
      ...Object.fromEntries(state.map(([name, values]) => [`state.${name}`, values])),
      weights,
      ...(size > trainable ? { fixed } : {}),
    })
    weights = out['next.weights']!.data
    fixed = out['next.fixed']?.data ?? fixed
    state = state.map(([name]) => [name, Float64Array.from(out[`next.${name}`]!.data)])
    yield out.loss!.data[0]!
  }
}

/** A batch without the rounding of the engine's own feeds to 32 bits. */
function exactFeeds(compiled: TrainingProgram, { images, labels, count }: Batch) {
  const { program, batch: rows, classes } = compiled
  const targets = new Float64Array(rows * classes)
  targets.set(targetRows(labels, count, classes, compiled.loss))
  const shares = new Float64Array(rows).fill(1 / count, 0, count)
  return { images, targets, ...(program.inputs.has('shares') ? { shares } : {}) }
}

describe.each(names)('%s', (name) => {
  let run: NetworkRun
  let compiled: TrainingProgram
  let first: Float32Array
  let losses: readonly number[]
  beforeAll(() => {
    run = readNetworkRun(name)
    compiled = compileTraining(run.document, run)
    first = firstOf(run, compiled.layout)
    losses = Array.from(run.golden.array('losses').data)
  })

  const off = (ours: readonly number[]): number[] =>
    ours.map((loss, i) => Math.abs(loss - losses[i]!) / losses[i]!)

  test.each(['standard', 'blocked'] as const)(
    'ten steps on ONNX Runtime, %s, are those of PyTorch',
    async (profile) => {
      const session = await createOnnxExecutor(ort, { threads: 1, profile }).training(run.document, run)
      try {
        await session.restore(first, null)
        const steps = []
        for (const [step, rate] of run.rates.entries())
          steps.push(
            await session.step(batchOf(run, step, compiled.inputShape, compiled.classes), rate, SEED),
          )
        const distances = off(steps.map(({ loss }) => loss))
        const apart = lastApart(run, compiled.layout, first, await session.weights())
        expect(distances.filter((distance) => !(distance <= LOSS))).toEqual([])
        expect(distances).toHaveLength(losses.length)
        expect(steps.map(({ correct }) => correct)).toEqual(Array.from(run.golden.array('correct').data))
        expect([...apart].filter(([, distance]) => !(distance <= WEIGHTS))).toEqual([])
      } finally {
        await session.dispose()
      }
    },
  )

  test('the first steps in 64-bit floats are those of PyTorch', () => {
    const distances = off([...referenceLosses(run, compiled, first)])
    expect(distances).toHaveLength(REFERENCE_STEPS)
    expect(Math.max(...distances)).toBeLessThan(REFERENCE_LOSS)
  })
})
