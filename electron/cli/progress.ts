import type { TrainEvent } from '../../core/protocol/events.ts'
import { profileText, type StepProfile } from '../../core/protocol/step-profile.ts'
import { gigabytes } from '../trainer/jobs/estimate.ts'
import { note, percent } from './output.ts'
import { grouped } from './table.ts'

/** A line that overwrites itself may change that often. */
const REDRAW_MS = 100
/** Where lines stay, they are fewer. */
const REPEAT_MS = 5000

/**
 * Shows a run on standard error: one line that keeps changing where a person watches a terminal, and one line an
 * epoch in any case.
 */
export function progressView(terminal: boolean = process.stderr.isTTY): (event: TrainEvent) => void {
  let epochs = 0
  let drawn = 0
  let forecast: ((event: Step) => string | null) | null = null
  const clear = () => {
    if (terminal) process.stderr.write('\r\x1b[K')
  }
  return (event) => {
    if (event.type === 'step') {
      const line = forecast?.(event)
      if (typeof line === 'string') forecast = null
      if (line) {
        clear()
        note(line)
      }
      if (!terminal || performance.now() - drawn < REDRAW_MS) return
      drawn = performance.now()
      clear()
      process.stderr.write(stepLine(event, epochs))
      return
    }
    const line = lineOf(event, epochs)
    if (event.type === 'started') {
      epochs = event.epochs
      forecast = forecastOf(event, performance.now())
    }
    if (line === null) return
    clear()
    note(line)
  }
}

/** Shows how far a data set is read: nothing of one that is read at once. */
export function preparingView(
  terminal: boolean = process.stderr.isTTY,
): (done: number, total: number) => void {
  let drawn = performance.now()
  return (done, total) => {
    if (performance.now() - drawn < (terminal ? REDRAW_MS : REPEAT_MS)) return
    drawn = performance.now()
    const line = `read ${grouped(done)} of ${grouped(total)} samples`
    if (terminal) process.stderr.write(`\r\x1b[K${line}`)
    else note(line)
  }
}

type Step = Extract<TrainEvent, { type: 'step' }>

/** Steps, or milliseconds, after which the speed of a run says how long it will take. */
const ENOUGH_STEPS = 10
const ENOUGH_MS = 5000
/** Shorter runs are over before anyone has read how long they take. */
const WORTH_SECONDS = 20

/** Makes the line that tells how long a run takes, once its first steps say it; an empty one for a short run. */
function forecastOf(
  { step: first, epochs, trainCount, validationCount }: Extract<TrainEvent, { type: 'started' }>,
  begun: number,
): (event: Step) => string | null {
  return ({ step, epoch, imagesPerSecond }) => {
    const known = step - first >= ENOUGH_STEPS || (step > first && performance.now() - begun > ENOUGH_MS)
    if (!known || !(imagesPerSecond > 0)) return null
    // evaluation is a third of a step
    const pass = (trainCount + validationCount / 3) / imagesPerSecond
    const left = pass * Math.max(0, epochs - epoch)
    return left < WORTH_SECONDS
      ? ''
      : `an epoch takes about ${duration(pass)}, the run about ${duration(left)}`
  }
}

/** A time in the unit that suits it, e.g. `40 s`, `12 min`, `3.5 h`, `2.1 days`. */
export function duration(seconds: number): string {
  const units = [
    { size: 86_400, name: 'days' },
    { size: 3600, name: 'h' },
    { size: 60, name: 'min' },
  ]
  const unit = units.find(({ size }) => seconds >= 1.5 * size) ?? { size: 1, name: 's' }
  const value = seconds / unit.size
  return `${value.toFixed(value < 10 && unit.size > 60 ? 1 : 0)} ${unit.name}`
}

const stepLine = (event: Step, epochs: number): string =>
  `epoch ${event.epoch.toFixed(2)} of ${epochs}  step ${grouped(event.step)}  loss ${event.loss.toFixed(4)}  ${grouped(Math.round(event.imagesPerSecond))} images/s`

/** What a run began with, layer by layer. */
function startLine({ start }: Extract<TrainEvent, { type: 'started' }>): string {
  if (!start) return ''
  const layers = (names: readonly string[]) =>
    [...new Set(names.map((name) => name.slice(0, name.lastIndexOf('.'))))].join(', ') || 'none'
  const shape = (axes: readonly number[]) => `[${axes.join(', ')}]`
  const misfits = start.misfits.map(
    ({ name, there, here }) => `\n  ${name} is ${shape(there)} there and ${shape(here)} here: new`,
  )
  return `copied from ${start.from}: ${layers(start.copied)} (${start.copied.length} tensors)\n  new: ${layers(start.fresh)}${misfits.join('')}\n`
}

/** Below that nobody need know. */
const WORTH_TELLING = 0.05

const waited = (share = 0): string =>
  share < WORTH_TELLING ? '' : `  ${percent(share)} of it waiting for data`

const ends = {
  completed: 'completed',
  stopped: 'stopped',
  'early-stopping': 'stopped early, as validation got no better,',
} as const

/** A device, and how it computes where it has more than one way. */
export const deviceOf = ({
  device,
  profile,
}: {
  readonly device: string
  readonly profile?: StepProfile
}): string => (profile ? `${device}, ${profileText(profile).en}` : device)

function lineOf(event: TrainEvent, epochs: number): string | null {
  switch (event.type) {
    case 'started':
      return `${startLine(event)}${event.step > 0 ? `going on from step ${grouped(event.step)}: ` : ''}${grouped(event.trainable)} parameters, ${grouped(event.trainCount)} samples to train on, ${grouped(event.validationCount)} to validate, on ${deviceOf(event)}${event.memory ? `, about ${gigabytes(event.memory)} GB of memory` : ''}`
    case 'epoch': {
      const validation =
        event.valLoss === null || event.valAccuracy === null
          ? ''
          : `  validation loss ${event.valLoss.toFixed(4)} accuracy ${percent(event.valAccuracy)}`
      return `epoch ${event.epoch} of ${epochs}  loss ${event.loss.toFixed(4)} accuracy ${percent(event.accuracy)}${validation}  ${event.seconds.toFixed(1)} s${waited(event.waiting)}`
    }
    case 'finished':
      return `${ends[event.reason]} after ${event.epoch} epochs, ${grouped(event.step)} steps`
    default:
      return null
  }
}
