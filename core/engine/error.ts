import type { Text } from '../network/text.ts'

/**
 * A network or a configuration that the engine can't compile or run. `message` is one line that names the layer
 * and says what was expected and what came.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  /** Stable kebab-case name of the problem, e.g. `invalid-network`, `wrong-output`. */
  readonly code: string

  /** The message in every language, where it is written in all. */
  readonly text: Text | undefined

  constructor(code: string, message: string | Text) {
    super(typeof message === 'string' ? message : message.en)
    this.code = code
    this.text = typeof message === 'string' ? undefined : message
  }
}
