/** The command was called wrongly: exit status 2. The message is one line: what is wrong, what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
