import { statSync } from 'node:fs'
import type { Request } from '../../core/protocol/contract.ts'
import { runPaths } from '../trainer/run-folder.ts'
import type { Conversation, Supervisor } from './supervisor.ts'

type Image = Request<'run.look'>['image']

/** A network that nobody asks any more gives its memory back after that time. */
const idleMs = 120_000

/** The network that is open to be looked into: one at a time, opened anew when its run has saved better weights. */
export class Looks {
  readonly #supervisor: Supervisor
  #open: { readonly key: string; readonly look: Conversation } | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor
  }

  /** Rejects with the trainer's HostError. */
  async ask(runDir: string, image: Image): Promise<unknown> {
    const key = `${runDir} ${savedAt(runDir)}`
    if (this.#open?.key !== key) {
      this.close()
      this.#open = { key, look: this.#supervisor.open({ kind: 'look', runDir }) }
    }
    const { look } = this.#open
    clearTimeout(this.#timer)
    try {
      return await look.ask(image)
    } catch (error) {
      // a network that can't be opened, or whose process died, is tried anew the next time
      const { code } = error as { code?: string }
      if (code !== 'bad-data' && this.#open?.look === look) this.close()
      throw error
    } finally {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.close(), idleMs).unref()
    }
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#open?.look.close()
    this.#open = null
  }
}

/** When the run's checkpoints were written. */
function savedAt(runDir: string): string {
  const { best, last } = runPaths(runDir)
  return [best, last].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0).join()
}
