import { app } from 'electron'
import { documentsOf } from './arguments.ts'

/**
 * Files that the system handed to the app (a double click, "Open with", a second start) and that the window has not
 * taken yet. `notify` tells the window that there is one.
 */
export class GivenFiles {
  readonly #waiting: string[]
  readonly #notify: () => void

  constructor(args: readonly string[], notify: () => void) {
    this.#waiting = documentsOf(args, process.cwd())
    this.#notify = notify
    app.on('second-instance', (_, argv, folder) => this.#add(documentsOf(argv.slice(1), folder)))
    // macOS passes documents as events, the first one even before the app is ready
    app.on('open-file', (event, path) => {
      event.preventDefault()
      this.#add(documentsOf([path], '/'))
    })
  }

  /** The next one, or null; each is given once. */
  take(): string | null {
    return this.#waiting.shift() ?? null
  }

  #add(paths: readonly string[]): void {
    if (paths.length === 0) return
    this.#waiting.push(...paths)
    this.#notify()
  }
}
