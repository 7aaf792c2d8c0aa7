import type { RunMessage, TrainEvent } from '../../core/protocol/events.ts'

type Step = Extract<TrainEvent, { type: 'step' }>

/** About 20 points of a curve a second: more than a screen shows of it. */
const POINT_MS = 50

/** The longest that parcels may be apart, in ms: every one takes about as much of a core, of which two have little to give. */
export const slowestParcel = (cores: number): number => Math.min(1000, Math.max(250, 2000 / cores))

/** What may wait for the next parcel. */
const patient: readonly TrainEvent['type'][] = ['step', 'checkpoint', 'layers']

/** An epoch waits that long for the checkpoint and the statistics that come with it; of all else one is told at once. */
const EPOCH_MS = 100

/**
 * Numbers the events of a session from 0 and hands them on in parcels, in their order. Steps that come too soon after one
 * another are told as one, with the figures of the last and the mean accuracy of all. At first there are up to 20
 * parcels a second, so that a curve is seen to begin; the longer the session, the longer what can wait does so, up to
 * `slowest` ms: each parcel wakes the host and its window, and on few cores the threads that train wait for that.
 */
export function coalesced(
  runId: string,
  send: (messages: readonly RunMessage[]) => void,
  slowest: number,
): (event: TrainEvent) => void {
  let seq = 0
  let steps: Step[] = []
  let pointAt = Number.NEGATIVE_INFINITY
  let parcel: RunMessage[] = []
  let sent = Number.NEGATIVE_INFINITY
  let begun: number | null = null
  let stepped = false
  let due = Number.POSITIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  const pack = (event: TrainEvent) => parcel.push({ runId, seq: seq++, event })
  const point = () => {
    const last = steps.at(-1)
    if (!last) return
    const accuracy = steps.reduce((sum, step) => sum + step.accuracy, 0) / steps.length
    steps = []
    pointAt = performance.now()
    pack({ ...last, accuracy })
  }
  const post = () => {
    clearTimeout(timer)
    due = Number.POSITIVE_INFINITY
    point()
    sent = performance.now()
    send(parcel)
    parcel = []
  }
  const waitOf = (type: TrainEvent['type'], running: number, since: number): number => {
    if (type === 'epoch') return EPOCH_MS
    return patient.includes(type) ? Math.min(slowest, Math.max(POINT_MS, running / 4)) - since : 0
  }
  return (event) => {
    const now = performance.now()
    begun ??= now
    if (event.type === 'step') steps.push(event)
    if (event.type !== 'step' || now - pointAt >= POINT_MS) point()
    if (event.type !== 'step') pack(event)
    const wait = stepped ? waitOf(event.type, now - begun, now - sent) : 0
    stepped ||= event.type === 'step'
    if (wait <= 0) return post()
    if (now + wait >= due) return
    due = now + wait
    clearTimeout(timer)
    timer = setTimeout(post, wait)
  }
}
