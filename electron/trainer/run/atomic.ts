import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** Largest single write: Linux and macOS take at most 2 GiB at once. */
const CHUNK = 1 << 30

/**
 * Replaces a file whole or not at all: a kill, a power cut or a full disk at any instant leaves the old content or
 * the new. Written beside it, flushed to the disk, then renamed over it. A link is followed, so that the file it names
 * is replaced and not the link; the file's mode is kept. Throws the file system's own error after removing what was
 * half written.
 */
export function writeAtomically(path: string, content: Uint8Array | string): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const target = existsSync(path) ? realpathSync(path) : path
  const partial = `${target}.partial`
  try {
    const file = openSync(partial, 'w', existsSync(target) ? statSync(target).mode & 0o777 : 0o666)
    try {
      for (let at = 0; at < bytes.length; )
        at += writeSync(file, bytes, at, Math.min(CHUNK, bytes.length - at))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(partial, target)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
  syncFolder(dirname(target))
}

/** Makes a rename survive a power cut. Windows neither needs nor allows it. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
