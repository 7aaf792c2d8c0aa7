import { TrainingError } from '../../../core/training/error.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'the disk quota is used up: free some space',
  EFBIG: 'the file is larger than this disk allows: choose another folder',
  EROFS: 'the disk is read-only: choose another folder',
  EACCES: 'writing there is not allowed: choose another folder',
  EPERM: 'writing there is not allowed: choose another folder',
  ENOENT: 'the folder is gone: choose another folder',
  ENOTDIR: 'a part of the path is a file: choose another folder',
  EIO: 'the disk reports an error: check it',
}

/** A file system's error while writing `path`, as the `disk` trouble that ends a run. */
export function diskError(path: string, error: unknown): TrainingError {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const reason = reasons[code] ?? `the system says ${code || String(error)}: check the disk`
  return new TrainingError('disk', `can't write ${path}: ${reason}`, { cause: error })
}
