import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DataError } from '../../../core/data/dataset.ts'
import type { FileAccess } from '../../../core/data/feed.ts'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist: check the path',
  EACCES: 'permission denied: allow reading it',
  EPERM: 'permission denied: allow reading it',
  EISDIR: 'it is a folder: name a file',
  ENOTDIR: 'it is a file: name a folder',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB: split it',
}

function unreadable(path: string, error: unknown): DataError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : String(error)
  return new DataError(`can't read ${path}: ${REASONS[code] ?? message}`)
}

/** Node's file system, for data sources. */
export const nodeFiles: FileAccess = {
  async read(path) {
    try {
      return await readFile(path)
    } catch (error) {
      throw unreadable(path, error)
    }
  },
  async list(path) {
    try {
      return (await readdir(path)).sort()
    } catch (error) {
      throw unreadable(path, error)
    }
  },
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  join: (...parts) => join(...parts),
}
