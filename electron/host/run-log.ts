import type { RunMessage } from '../../core/protocol/events.ts'

/** Steps kept of a run; a window that asks for older ones reads them from the run's folder. */
const keptSteps = 20_000

type Listener = (messages: readonly RunMessage[]) => void

/**
 * What a run has told in this session, in the order of `seq`, for windows that come late or come back. Watchers get
 * what is kept from the number they ask for, then everything new, without a gap between the two.
 */
export class RunLog {
  #messages: RunMessage[] = []
  #steps = 0
  readonly #watchers = new Set<Listener>()

  /** Highest number seen, or -1. */
  get lastSeq(): number {
    return this.#messages.at(-1)?.seq ?? -1
  }

  /** Keeps, passes on and gives what is new. A message whose number is not above the last is a repeat, and dropped. */
  add(messages: readonly RunMessage[]): readonly RunMessage[] {
    const fresh: RunMessage[] = []
    for (const message of messages) {
      if (message.seq <= this.lastSeq) continue
      fresh.push(message)
      this.#messages.push(message)
      if (message.event.type === 'step' && ++this.#steps > keptSteps) this.#forgetSteps()
    }
    if (fresh.length > 0) for (const listener of [...this.#watchers]) listener(fresh)
    return fresh
  }

  /** Delivers everything with `seq >= from`, what is kept at once. Returns how to stop. */
  watch(from: number, listener: Listener): () => void {
    const missed = this.#messages.filter(({ seq }) => seq >= from)
    if (missed.length > 0) listener(missed)
    this.#watchers.add(listener)
    return () => this.#watchers.delete(listener)
  }

  // half of them at a time, so that a long run does not pay for this at every step
  #forgetSteps(): void {
    let drop = keptSteps / 2
    this.#steps -= drop
    this.#messages = this.#messages.filter((m) => m.event.type !== 'step' || drop-- <= 0)
  }
}
