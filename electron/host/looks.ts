import { statSync } from 'node:fs'
import type { Request } from '../../core/protocol/contract.ts'
import { runPaths } from '../trainer/run-folder.ts'
import { HostError } from './host-error.ts'
import { OpenConversation } from './open-conversation.ts'
import type { Supervisor } from './supervisor.ts'

type Image = Request<'run.look'>['image']

/** The network that is open to be looked into: one at a time, opened anew when its run has saved better weights. */
export class Looks {
  readonly #look: OpenConversation

  constructor(supervisor: Supervisor) {
    this.#look = new OpenConversation({
      open: (job) => supervisor.open(job),
      // an image that can't be read says nothing about the network
      survives: (error) => error instanceof HostError && error.code === 'bad-data',
    })
  }

  /** Rejects with the trainer's HostError. */
  ask(runDir: string, image: Image): Promise<unknown> {
    return this.#look.ask(`${runDir} ${savedAt(runDir)}`, { kind: 'look', runDir }, image)
  }
}

/** When the run's checkpoints were written. */
function savedAt(runDir: string): string {
  const { best, last } = runPaths(runDir)
  return [best, last].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0).join()
}
