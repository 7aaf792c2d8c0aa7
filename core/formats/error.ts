import { type Text, text } from '../network/text.ts'

/** What an error says, in every language where it is written in all. */
export function wordsOf(error: unknown): Text {
  if (!(error instanceof Error)) return text(String(error), String(error))
  const { message, text: words } = error as { message: string; text?: Text }
  return words ?? text(message, message)
}

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
