import type { Request } from '../../core/protocol/contract.ts'
import type { Conversation, Supervisor } from './supervisor.ts'

/** A source that nobody asks any more gives its memory back after that time. */
const idleMs = 120_000

interface Describing {
  readonly key: string
  readonly controller: AbortController
  readonly answer: Promise<unknown>
}

/** The data that windows look at: one source is described and one is open at a time. */
export class Sources {
  readonly #supervisor: Supervisor
  #describing: Describing | null = null
  #open: { readonly key: string; readonly conversation: Conversation } | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor
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
  async samples(request: Request<'data.samples'>): Promise<unknown> {
    const { source, input, seed } = request
    const key = JSON.stringify([source, input, seed])
    if (this.#open?.key !== key) {
      this.close()
      const job = { kind: 'samples', source, seed, ...(input && { input }) } as const
      this.#open = { key, conversation: this.#supervisor.open(job) }
    }
    const { conversation } = this.#open
    clearTimeout(this.#timer)
    try {
      return await conversation.ask(request)
    } catch (error) {
      // a source that can't be read may have been repaired by the next time
      if (this.#open?.conversation === conversation) this.close()
      throw error
    } finally {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.close(), idleMs).unref()
    }
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#open?.conversation.close()
    this.#open = null
  }
}
