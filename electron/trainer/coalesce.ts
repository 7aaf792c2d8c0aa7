import type { RunMessage, TrainEvent } from '../../core/protocol/events.ts'

type Step = Extract<TrainEvent, { type: 'step' }>

/** About 20 messages a second: more than a screen shows of a curve, few enough for any channel. */
const GAP_MS = 50

/**
 * Numbers the events of a session from 0 and thins out its steps: those that come too soon after one another are
 * told as one, with the figures of the last and the mean accuracy of all. Every other event goes at once, after any
 * step that waits, so nothing is told out of order.
 */
export function coalesced(
  runId: string,
  send: (message: RunMessage) => void,
  now: () => number,
): (event: TrainEvent) => void {
  let seq = 0
  let waiting: Step[] = []
  let sent = Number.NEGATIVE_INFINITY
  const pass = (event: TrainEvent) => send({ runId, seq: seq++, event })
  const flush = () => {
    const last = waiting.at(-1)
    if (!last) return
    const accuracy = waiting.reduce((sum, step) => sum + step.accuracy, 0) / waiting.length
    waiting = []
    sent = now()
    pass({ ...last, accuracy })
  }
  return (event) => {
    if (event.type !== 'step') {
      flush()
      pass(event)
      return
    }
    waiting.push(event)
    if (now() - sent >= GAP_MS) flush()
  }
}
