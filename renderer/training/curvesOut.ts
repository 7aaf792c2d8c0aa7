import { writeEvents } from '../../core/formats/tensorboard.ts'
import type { RunSummary } from '../../core/protocol/contract.ts'
import type { TrainEvent } from '../../core/protocol/events.ts'

type Of<T extends TrainEvent['type']> = Extract<TrainEvent, { type: T }>

/** What curves go out as. */
export const curveFormats = ['csv', 'tensorboard'] as const
export type CurveFormat = (typeof curveFormats)[number]

const columns = [
  ...['step', 'epoch', 'loss', 'accuracy', 'learningRate', 'imagesPerSecond'],
  ...['valLoss', 'valAccuracy', 'seconds'],
] as const

/** A table of all steps and epochs as they came: a row for each, empty where it has no such number. */
export function toCsv(events: readonly TrainEvent[]): string {
  const rows = events
    .filter((event) => event.type === 'step' || event.type === 'epoch')
    .map((event) => columns.map((name) => (event as unknown as Record<string, unknown>)[name] ?? '').join())
  return `${[columns.join(), ...rows].join('\r\n')}\r\n`
}

/** Tags of TensorBoard, by what they are read from. */
const stepTags = {
  'loss/train': 'loss',
  'accuracy/train': 'accuracy',
  learning_rate: 'learningRate',
} as const
const epochTags = { 'loss/validation': 'valLoss', 'accuracy/validation': 'valAccuracy' } as const

/**
 * The curves as an event file of TensorBoard, each number with the time at which it was told. `began` is when the run was
 * made, in seconds since 1970, for older runs whose events do not say.
 */
export function toEvents(events: readonly TrainEvent[], began: number): Uint8Array {
  const epochs = events.filter((event): event is Of<'epoch'> => event.type === 'epoch')
  const timeOf = clockOf(epochs, began)
  const scalars = events.flatMap((event) => {
    const tags: Record<string, string> =
      event.type === 'step' ? stepTags : event.type === 'epoch' ? epochTags : {}
    return Object.entries(tags).flatMap(([tag, name]) => {
      const value = (event as unknown as Record<string, number | null>)[name]
      const { step, time = timeOf(step) } = event as Of<'step' | 'epoch'>
      return value === null || value === undefined ? [] : [{ tag, step, value, time }]
    })
  })
  return writeEvents(scalars)
}

/** Older runs told steps without their time; epochs have one, and what lies between is taken to have gone evenly. */
function clockOf(epochs: readonly Of<'epoch'>[], began: number): (step: number) => number {
  return (step) => {
    const next = epochs.findIndex((epoch) => epoch.step >= step)
    const [to, from] = [epochs[next] ?? epochs.at(-1), epochs[next < 0 ? epochs.length - 2 : next - 1]]
    if (!to) return began
    const [since, at] = [from?.seconds ?? 0, from?.step ?? 0]
    const pace = to.step > at ? (to.seconds - since) / (to.step - at) : 0
    return began + since + (step - at) * pace
  }
}

/** The file of a run's curves. TensorBoard finds event files by their names. */
export function curvesFile(
  { name, created, runId }: RunSummary,
  events: readonly TrainEvent[],
  format: CurveFormat,
): { name: string; bytes: Uint8Array } {
  const began = Math.floor(Date.parse(created) / 1000) || 0
  if (format === 'tensorboard') {
    return { name: `events.out.tfevents.${began}.${runId}`, bytes: toEvents(events, began) }
  }
  return { name: `${name}.csv`, bytes: new TextEncoder().encode(toCsv(events)) }
}
