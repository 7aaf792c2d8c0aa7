import type { Text } from '../../core/network/text.ts'
import type { HostErrorCode } from '../../core/protocol/wire.ts'

/**
 * A refusal with a reason that a person may read: its message names nothing but what the person gave. Everything else
 * that is thrown counts as a fault of the program, and crosses as `internal` without its message.
 */
export class HostError extends Error {
  override readonly name = 'HostError'
  readonly code: string

  /** The message in every language, where it is written in all. */
  readonly text: Text | undefined

  constructor(code: HostErrorCode | (string & {}), message: string | Text, text?: Text) {
    super(typeof message === 'string' ? message : message.en)
    this.code = code
    this.text = typeof message === 'string' ? text : message
  }
}

const diskReasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'reading or writing there is not allowed',
  EPERM: 'reading or writing there is not allowed',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full: make room and try again',
  EDQUOT: 'the disk quota is used up: make room and try again',
  EISDIR: 'it is a folder, and a file was expected',
  ENOTDIR: 'a part of the path is not a folder',
  EFBIG: 'the file is too large for this disk',
  EMFILE: 'too many files are open: close some and try again',
  EIO: 'the disk reports an error',
}

/** A file system error as one line: `what` failed, and why in words; anything else is given back as it is. */
export function diskError(what: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (error instanceof HostError || typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return error
  return new HostError('disk', `${what}: ${diskReasons[code] ?? code}`)
}
