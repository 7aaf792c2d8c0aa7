import { readdirSync } from 'node:fs'
import * as ort from 'onnxruntime-node'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileTraining, type TrainingProgram } from '../../core/engine/compile.ts'
import type { ParameterLayout, TrainingSession } from '../../core/engine/executor.ts'
import { createOnnxExecutor } from '../../core/engine/executors/onnx.ts'
import { blockOf } from '../../core/engine/executors/onnx-blocked.ts'
import { interpret } from '../../core/engine/executors/reference.ts'
import { targetRows } from '../../core/engine/losses/targets.ts'
import { DATA } from './read.ts'
import {
  averageApart,
  batchOf,
  firstWeights,
  type GoldenBatch,
  type GoldenRun,
  readRun,
  weightsApart,
} from './training-run.ts'

/** Relative to PyTorch's float64. Its own float32 is within 3e-6 of these losses, the engine within 1e-6. */
const LOSS = 1e-4
const WEIGHTS = 1e-4

const runs = readdirSync(new URL('training/', DATA)).map(readRun)

/** Enough for a batch short of rows and a change of rate; plain loops are slow. */
const REFERENCE_STEPS = 5

/** Batches have no random part, so any seed will do. */
const SEED = 1

const far = (distances: ReadonlyMap<string, number>, tolerance: number): string[] =>
  Array.from(distances, ([name, distance]) => ({ name, distance }))
    .filter(({ distance }) => !(distance <= tolerance))
    .map(({ name, distance }) => `${name}: ${distance.toExponential(1)} off`)

async function train(
  run: GoldenRun,
  session: TrainingSession,
  layout: ParameterLayout,
  inputShape: readonly number[],
) {
  const first = firstWeights(run, layout)
  await session.restore(first, null)
  const losses: number[] = []
  const correct: number[] = []
  for (const [step, rate] of run.rates.entries()) {
    const result = await session.step(batchOf(run, step, inputShape, session.classes), rate, SEED)
    losses.push(result.loss)
    correct.push(result.correct)
  }
  const { average } = (await session.state()).slots
  return { first, losses, correct, last: await session.weights(), average }
}

/** The step as the 64-bit interpreter does it; its feeds are 64-bit too, so that nothing is rounded on the way. */
function stepReference(
  compiled: TrainingProgram,
  values: Readonly<Record<string, ArrayLike<number>>>,
  batch: GoldenBatch,
  rate: number,
  step: number,
) {
  const targets = new Float64Array(compiled.batch * compiled.classes)
  targets.set(targetRows(batch.labels, batch.count, compiled.classes, compiled.loss))
  const rates = Object.entries(compiled.optimizer.rates(rate, step))
  return interpret(compiled.program, {
    ...values,
    images: batch.images,
    targets,
    ...Object.fromEntries(rates.map(([name, value]) => [`rate.${name}`, [value]])),
  })
}

describe.each(runs)('$name', (run) => {
  let compiled: TrainingProgram
  let first: Float32Array
  const losses = run.golden.array('losses').data
  beforeAll(() => {
    compiled = compileTraining(run.document, run)
    first = firstWeights(run, compiled.layout)
  })

  test.each(['standard', 'blocked'] as const)(
    'ten steps on ONNX Runtime, %s, are those of PyTorch',
    async (profile) => {
      const session = await createOnnxExecutor(ort, { threads: 1, profile }).training(run.document, run)
      try {
        if (profile === 'blocked' && (await blockOf(ort))) expect(session.profile?.code).toBe('blocked')
        const trained = await train(run, session, compiled.layout, compiled.inputShape)
        const off = new Map(
          Array.from(losses, (loss, i) => [`step ${i}`, Math.abs(trained.losses[i]! - loss) / loss]),
        )
        expect(far(off, LOSS)).toEqual([])
        expect(trained.correct).toEqual(Array.from(run.golden.array('correct').data))
        expect(far(weightsApart(run, compiled.layout, trained.first, trained.last), WEIGHTS)).toEqual([])
        expect(trained.average !== undefined).toBe(run.average !== undefined)
        if (trained.average) {
          expect(far(averageApart(run, compiled.layout, trained.average), WEIGHTS)).toEqual([])
        }
      } finally {
        await session.dispose()
      }
    },
  )

  test('the 64-bit interpreter gives the losses of PyTorch in float64', () => {
    const { trainable, size } = compiled.layout
    let values: Record<string, ArrayLike<number>> = {
      weights: first.subarray(0, trainable),
      ...(size > trainable ? { fixed: first.subarray(trainable) } : {}),
      ...Object.fromEntries(
        compiled.optimizer.state.map((name) => [`state.${name}`, new Float64Array(trainable)]),
      ),
    }
    for (const [step, rate] of run.rates.slice(0, REFERENCE_STEPS).entries()) {
      const batch = batchOf(run, step, compiled.inputShape, compiled.classes)
      const { loss, ...next } = stepReference(compiled, values, batch, rate, step)
      expect(Math.abs(loss!.data[0]! - losses[step]!) / losses[step]!, `step ${step}`).toBeLessThan(1e-10)
      values = {
        ...values,
        weights: next['next.weights']!.data,
        ...Object.fromEntries(
          compiled.optimizer.state.map((name) => [`state.${name}`, next[`next.${name}`]!.data]),
        ),
      }
    }
  })
})
