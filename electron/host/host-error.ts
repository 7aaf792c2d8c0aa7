import { type Text, text } from '../../core/network/text.ts'
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

const notAllowed = text('reading or writing there is not allowed', '읽거나 쓸 권한이 없습니다.')

const diskReasons: Readonly<Record<string, Text>> = {
  ENOENT: text('there is no such file or folder', '파일이나 폴더가 없습니다.'),
  EACCES: notAllowed,
  EPERM: notAllowed,
  EROFS: text('the disk is read-only', '읽기 전용 디스크입니다.'),
  ENOSPC: text(
    'the disk is full: make room and try again',
    '디스크가 가득 찼습니다. 공간을 확보한 뒤 다시 시도해 주세요.',
  ),
  EDQUOT: text(
    'the disk quota is used up: make room and try again',
    '디스크 할당량을 다 썼습니다. 공간을 확보한 뒤 다시 시도해 주세요.',
  ),
  EISDIR: text('it is a folder, and a file was expected', '파일이 아니라 폴더입니다.'),
  ENOTDIR: text('a part of the path is not a folder', '경로의 일부가 폴더가 아닙니다.'),
  EFBIG: text('the file is too large for this disk', '이 디스크에는 너무 큰 파일입니다.'),
  EMFILE: text(
    'too many files are open: close some and try again',
    '열린 파일이 너무 많습니다. 몇 개를 닫고 다시 시도해 주세요.',
  ),
  EIO: text('the disk reports an error', '디스크에 오류가 있습니다.'),
}

/** A file system error as one line: `what` failed, and why in words; anything else is given back as it is. */
export function diskError(what: Text, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (error instanceof HostError || typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return error
  const { en, ko } = diskReasons[code] ?? text(code, code)
  return new HostError('disk', text(`${what.en}: ${en}`, `${what.ko}. ${ko}`))
}
