/** A file that can't be read or written in its format; the message is one line that names the file and what to do. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
}
