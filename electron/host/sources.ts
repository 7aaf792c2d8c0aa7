import type { Request } from '../../core/protocol/contract.ts'
import { OpenConversation } from './open-conversation.ts'
import type { Supervisor } from './supervisor.ts'

interface Describing {
  readonly key: string
  readonly controller: AbortController
  readonly answer: Promise<unknown>
}

/** The data that windows look at: one source is described and one is open at a time. */
export class Sources {
  readonly #supervisor: Supervisor
  readonly #open: OpenConversation
  #describing: Describing | null = null

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor
    // a source that can't be read may have been repaired by the next time
    this.#open = new OpenConversation({ open: (job) => supervisor.open(job), survives: () => false })
  }

  /** What a source holds. Rejects with the trainer's HostError, or `cancelled`. */
  describe(request: Request<'data.describe'>): Promise<unknown> {
    const key = JSON.stringify(request)
    if (this.#describing?.key === key) return this.#describing.answer
    this.stopDescribing()
    const controller = new AbortController()
    const answer = this.#supervisor.job({ kind: 'describe', ...request }, controller.signal).finally(() => {
      if (this.#describing?.controller === controller) this.#describing = null
    })
    this.#describing = { key, controller, answer }
    return answer
  }

  stopDescribing(): void {
    this.#describing?.controller.abort()
    this.#describing = null
  }

  /** Some samples of a source. Rejects with the trainer's HostError, or `cancelled`. */
  samples(request: Request<'data.samples'>): Promise<unknown> {
    const { source, input, seed } = request
    const job = { kind: 'samples', source, seed, ...(input && { input }) } as const
    return this.#open.ask(JSON.stringify([source, input, seed]), job, request)
  }

  close(): void {
    this.#open.close()
  }
}
