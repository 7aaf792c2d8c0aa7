import { type Text, text } from '../../../core/network/text.ts'
import { TrainingError } from '../../../core/training/error.ts'

const reasons: Readonly<Record<string, Text>> = {
  ENOSPC: text('the disk is full: free some space', '디스크가 가득 찼습니다. 공간을 확보해 주세요.'),
  EDQUOT: text(
    'the disk quota is used up: free some space',
    '디스크 할당량을 다 썼습니다. 공간을 확보해 주세요.',
  ),
  EFBIG: text(
    'the file is larger than this disk allows: choose another folder',
    '이 디스크에는 너무 큰 파일입니다. 다른 폴더를 선택해 주세요.',
  ),
  EROFS: text(
    'the disk is read-only: choose another folder',
    '읽기 전용 디스크입니다. 다른 폴더를 선택해 주세요.',
  ),
  EACCES: text(
    'writing there is not allowed: choose another folder',
    '쓰기 권한이 없습니다. 다른 폴더를 선택해 주세요.',
  ),
  EPERM: text(
    'writing there is not allowed: choose another folder',
    '쓰기 권한이 없습니다. 다른 폴더를 선택해 주세요.',
  ),
  ENOENT: text(
    'the folder is gone: choose another folder',
    '폴더가 없어졌습니다. 다른 폴더를 선택해 주세요.',
  ),
  ENOTDIR: text(
    'a part of the path is a file: choose another folder',
    '경로의 일부가 파일입니다. 다른 폴더를 선택해 주세요.',
  ),
  EIO: text('the disk reports an error: check it', '디스크에 오류가 있습니다. 디스크를 점검해 주세요.'),
}

/** A file system's error while writing `path`, as the `disk` trouble that ends a run. */
export function diskError(path: string, error: unknown): TrainingError {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const said = code || String(error)
  const { en, ko } =
    reasons[code] ??
    text(`the system says ${said}: check the disk`, `시스템 오류: ${said}. 디스크를 점검해 주세요.`)
  return new TrainingError('disk', text(`can't write ${path}: ${en}`, `${path}에 쓸 수 없습니다. ${ko}`), {
    cause: error,
  })
}
