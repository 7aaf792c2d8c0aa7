/**
 * A network or a configuration that the engine can't compile or run. `message` is one line that names the layer
 * and says what was expected and what came.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  /** Stable kebab-case name of the problem, e.g. `invalid-network`, `wrong-output`. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
