import type { Text } from '../network/text.ts'

/** A file that can't be read or written in its format; the message is one line that names the file and what to do. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
  /** The message in every language, where it is written in all. */
  readonly text: Text | undefined

  constructor(message: string | Text) {
    super(typeof message === 'string' ? message : message.en)
    this.text = typeof message === 'string' ? undefined : message
  }
}
