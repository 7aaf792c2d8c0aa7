import { type ChildProcess, fork } from 'node:child_process'
import type { FromTrainer, ToTrainer } from '../trainer/protocol.ts'

/** A trainer process, whichever way it was started. */
export interface TrainerProcess {
  readonly pid: number | undefined
  /** `ports` are handed over with the message; only Electron's utility processes can take any. */
  post(message: ToTrainer, ports?: readonly unknown[]): void
  onMessage(listener: (message: FromTrainer) => void): void
  /** Called once. `how` says how it ended, e.g. `exit code 1`, `signal SIGKILL`. */
  onExit(listener: (how: string) => void): void
  /** Ends it at once, without asking. */
  kill(): void
}

export type SpawnTrainer = () => TrainerProcess

/** Starts trainers with child_process, for the hosts that run under plain Node. `program` is out/main/trainer.js. */
export function forkTrainers(program: string): SpawnTrainer {
  return () => {
    const child: ChildProcess = fork(program, [], {
      serialization: 'advanced',
      stdio: ['ignore', 2, 2, 'ipc'],
    })
    return {
      get pid() {
        return child.pid
      },
      post: (message) => {
        if (child.connected) child.send(message)
      },
      onMessage: (listener) => void child.on('message', (message) => listener(message as FromTrainer)),
      onExit: (listener) => {
        child.once('exit', (code, signal) =>
          listener(signal === null ? `exit code ${code}` : `signal ${signal}`),
        )
        // a process that could not be started has no exit; other errors (a message it died under) have one
        child.on('error', (error) => {
          if (child.pid === undefined) listener(`it could not be started: ${error.message}`)
        })
      },
      kill: () => void child.kill('SIGKILL'),
    }
  }
}
