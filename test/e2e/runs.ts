import { appendFile } from 'node:fs/promises'
import { analyze } from '../../core/analysis/analyze.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { JobConfig } from '../../core/protocol/contract.ts'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { createRun, runPaths } from '../../electron/trainer/run-folder.ts'
import { presetOf } from '../../presets/index.ts'

export interface KeptRun {
  readonly runId: string
  readonly dir: string
}

interface Pictures {
  readonly count: number
  /** The layer, by name, whose gradient is nothing beside the others. */
  readonly vanishing?: string
  /** The one whose gradient in the last picture is nothing like those before. */
  readonly exploding?: string
}

interface Told {
  /** Of the second of its three epochs, which is the best. */
  readonly accuracy?: number
  /** The code it failed with, after the epochs. */
  readonly failed?: string
  /** The layer that it failed at, by name. */
  readonly layer?: string
  /** Pictures of its layers, one a step. */
  readonly pictures?: Pictures
  /** Its events say when they were told: ten a second, and a minute's pause after the fifteenth step. */
  readonly timed?: boolean
  readonly preset?: string
  readonly config?: Partial<JobConfig>
}

/** A run of LeNet-5 on disk as if it had been trained for three epochs of ten steps: all but its weights. */
export async function keepRun(runsDir: string, name: string, told: Told): Promise<KeptRun> {
  const { accuracy = 0.5, failed, preset = 'lenet5' } = told
  const config: JobConfig = {
    data: 'digits',
    engine: 'cpu',
    seed: 1,
    validation: 0.1,
    epochs: 3,
    ...told.config,
  }
  const document = { ...presetOf(preset)!.build(), name }
  const { dir, record } = createRun({ document, config, runsDir })
  const { runId } = record
  const layer = document.layers.find(({ name }) => name === told.layer)?.id
  const events: TrainEvent[] = [
    {
      type: 'started',
      runId,
      engine: 'cpu',
      device: 'CPU',
      trainable: 60_000,
      stepsPerEpoch: 10,
      epochs: 3,
      trainCount: 1000,
      validationCount: 100,
      step: 0,
    },
  ]
  for (let step = 1; step <= 30; step++) {
    const loss = 2 / (1 + step / 5)
    const epoch = step / 10
    const time = told.timed ? { time: 1_700_000_000 + step / 10 + (step > 15 ? 60 : 0) } : {}
    events.push({
      type: 'step',
      step,
      epoch,
      loss,
      accuracy: 1 - loss / 3,
      learningRate: 0.01,
      imagesPerSecond: 900,
      ...time,
    })
    if (told.pictures && step <= told.pictures.count) events.push(pictureOf(document, step, told.pictures))
    if (step % 10 > 0) continue
    const valAccuracy = accuracy - (epoch === 2 ? 0 : 0.1)
    events.push({
      type: 'epoch',
      epoch,
      step,
      loss,
      accuracy: 0.5,
      valLoss: loss,
      valAccuracy,
      seconds: epoch,
      ...time,
    })
  }
  events.push(
    failed
      ? { type: 'failed', code: failed, message: 'loss is not finite at step 30', ...(layer && { layer }) }
      : { type: 'finished', reason: 'completed', epoch: 3, step: 30, valAccuracy: accuracy },
  )
  await appendFile(runPaths(dir).metrics, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  return { runId, dir }
}

/** What a network's layers with weights look like at a step: gradients shrink towards the input and over time. */
function pictureOf(
  document: NetworkDocument,
  step: number,
  { count, vanishing, exploding }: Pictures,
): TrainEvent {
  const { layers, order } = analyze(document)
  const learning = order.filter((id) => (layers.get(id)?.trainable ?? 0) > 0)
  return {
    type: 'layers',
    step,
    epoch: step / 10,
    layers: learning.map((id, at) => {
      const { name } = layers.get(id)!
      const [depth, wave] = [learning.length - at, 1 + 0.3 * Math.sin(step + at)]
      const length = (wave * 2 ** -(depth % 9)) / (1 + step / 10)
      const factor = name === vanishing ? 1e-9 : name === exploding && step === count ? 1e5 : 1
      return {
        id,
        name,
        weights: bell(4 + 3 * (at % 5), 0.4),
        gradient: bell(length * factor, length / 10),
        update: 1e-3 * wave * (name === vanishing ? 1e-6 : 1),
      }
    }),
  }
}

/** Numbers spread as the normal distribution is. */
function bell(norm: number, width: number) {
  const histogram = Array.from({ length: 32 }, (_, bin) =>
    Math.round(400 * Math.exp(-(((bin - 16) / 6) ** 2))),
  )
  return { norm, min: -3 * width, max: 3.2 * width, histogram }
}
