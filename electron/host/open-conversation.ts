import type { OpenJob, Question } from '../trainer/protocol.ts'
import type { Conversation } from './supervisor.ts'

/** A process that nobody asks any more gives its memory back after that time. */
export const idleMs = 120_000

interface Open {
  readonly key: string
  readonly conversation: Conversation
  /** Questions without an answer yet. */
  asked: number
}

interface Options {
  /** Starts the process of a job. */
  open(job: OpenJob): Conversation
  /** Whether the process is of further use after a question failed like this. */
  survives(error: unknown): boolean
}

/** A trainer process that stays for the next question: one at a time, begun anew where the next is about another job. */
export class OpenConversation {
  readonly #options: Options
  #open: Open | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(options: Options) {
    this.#options = options
  }

  /**
   * Asks the process of `job`, which is begun where the one that is open has another `key`. Rejects with the trainer's
   * HostError, or `cancelled` where another job is asked before the answer has come.
   */
  async ask(key: string, job: OpenJob, question: Question): Promise<unknown> {
    if (this.#open?.key !== key) {
      this.close()
      this.#open = { key, conversation: this.#options.open(job), asked: 0 }
    }
    const open = this.#open
    clearTimeout(this.#timer)
    open.asked++
    try {
      return await open.conversation.ask(question)
    } catch (error) {
      if (this.#open === open && !this.#options.survives(error)) this.close()
      throw error
    } finally {
      open.asked--
      if (this.#open === open && open.asked === 0)
        this.#timer = setTimeout(() => this.close(), idleMs).unref()
    }
  }

  /** Ends the process; what is asked of it rejects with `cancelled`. */
  close(): void {
    clearTimeout(this.#timer)
    this.#open?.conversation.close()
    this.#open = null
  }
}
