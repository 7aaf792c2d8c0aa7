import { type DataReading, dataReading, type Request } from '../../core/protocol/contract.ts'
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
  readonly #tell: (reading: DataReading) => void
  #describing: Describing | null = null

  /** @param tell hears how far a source is that is being described. */
  constructor(supervisor: Supervisor, tell: (reading: DataReading) => void = () => undefined) {
    this.#supervisor = supervisor
    this.#tell = tell
    // a source that can't be read may have been repaired by the next time
    this.#open = new OpenConversation({ open: (job) => supervisor.open(job), survives: () => false })
  }

  /** What a source holds. Rejects with the trainer's HostError, or `cancelled`. */
  describe(request: Request<'data.describe'>): Promise<unknown> {
    const key = JSON.stringify(request)
    if (this.#describing?.key === key) return this.#describing.answer
    this.stopDescribing()
    const controller = new AbortController()
    const tell = (value: unknown) => {
      const reading = dataReading.safeParse(value)
      if (reading.success && !controller.signal.aborted) this.#tell(reading.data)
    }
    const job = { kind: 'describe', ...request } as const
    const answer = this.#supervisor.job(job, controller.signal, tell).finally(() => {
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
