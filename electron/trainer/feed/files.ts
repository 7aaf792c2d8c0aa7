import type { Dirent } from 'node:fs'
import { access, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DataError } from '../../../core/data/dataset.ts'
import type { FileAccess, FolderEntry } from '../../../core/data/feed.ts'
import { text } from '../../../core/network/text.ts'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist: check the path',
  EACCES: 'permission denied: allow reading it',
  EPERM: 'permission denied: allow reading it',
  EISDIR: 'it is a folder: name a file',
  ENOTDIR: 'it is a file: name a folder',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB: split it, or unpack it into a folder',
}

const KOREAN_REASONS: Readonly<Record<string, string>> = {
  ENOENT: '파일이나 폴더가 없습니다. 경로를 확인해 주세요.',
  EACCES: '읽을 권한이 없습니다. 읽기를 허용해 주세요.',
  EPERM: '읽을 권한이 없습니다. 읽기를 허용해 주세요.',
  EISDIR: '폴더입니다. 파일을 지정해 주세요.',
  ENOTDIR: '파일입니다. 폴더를 지정해 주세요.',
  ERR_FS_FILE_TOO_LARGE: '2GiB보다 큽니다. 나누거나 폴더에 풀어 주세요.',
}

function unreadable(path: string, error: unknown): DataError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : String(error)
  return new DataError(
    text(
      `can't read ${path}: ${REASONS[code] ?? message}`,
      `${path}을(를) 읽을 수 없습니다: ${KOREAN_REASONS[code] ?? message}`,
    ),
  )
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
  async entries(path) {
    try {
      const found = await readdir(path, { withFileTypes: true })
      const entries = await Promise.all(found.map(entryOf))
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
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
  text: decodeText,
}

async function entryOf(entry: Dirent): Promise<FolderEntry> {
  if (!entry.isSymbolicLink()) return { name: entry.name, folder: entry.isDirectory() }
  // a link that leads nowhere is told when it is read
  const target = await stat(join(entry.parentPath, entry.name)).catch(() => null)
  return { name: entry.name, folder: target?.isDirectory() ?? false }
}

/** Pairs of bytes that are Hangul syllables in EUC-KR, and ASCII; accented Western letters hardly ever look so. */
const KOREAN = /^(?:[^\x80-\xff]|[\xb0-\xc8][\xa1-\xfe])+$/

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const western = Buffer.from(bytes).toString('latin1')
    return KOREAN.test(western) ? new TextDecoder('euc-kr').decode(bytes) : western
  }
}
