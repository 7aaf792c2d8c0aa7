import { appendFile } from 'node:fs/promises'
import type { JobConfig } from '../../core/protocol/contract.ts'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { createRun, runPaths } from '../../electron/trainer/run-folder.ts'
import { presetOf } from '../../presets/index.ts'

export interface KeptRun {
  readonly runId: string
  readonly dir: string
}

interface Told {
  /** Of the second of its three epochs, which is the best. */
  readonly accuracy?: number
  /** The code it failed with, after the epochs. */
  readonly failed?: string
  readonly config?: Partial<JobConfig>
}

/** A run of LeNet-5 on disk as if it had been trained for three epochs of ten steps: all but its weights. */
export async function keepRun(runsDir: string, name: string, told: Told): Promise<KeptRun> {
  const { accuracy = 0.5, failed } = told
  const config: JobConfig = {
    data: 'digits',
    engine: 'cpu',
    seed: 1,
    validation: 0.1,
    epochs: 3,
    ...told.config,
  }
  const document = { ...presetOf('lenet5')!.build(), name }
  const { dir, record } = createRun({ document, config, runsDir })
  const { runId } = record
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
    events.push({
      type: 'step',
      step,
      epoch,
      loss,
      accuracy: 1 - loss / 3,
      learningRate: 0.01,
      imagesPerSecond: 900,
    })
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
    })
  }
  events.push(
    failed
      ? { type: 'failed', code: failed, message: 'loss is not finite at step 30' }
      : { type: 'finished', reason: 'completed', epoch: 3, step: 30, valAccuracy: accuracy },
  )
  await appendFile(runPaths(dir).metrics, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  return { runId, dir }
}
