import { randomBytes } from 'node:crypto'
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { diskError, HostError } from './host-error.ts'

/** A network document is some kilobytes; a file this large is something else, and would only stall the window. */
const maxDocumentBytes = 64 * 1024 * 1024

/**
 * Writes a file whole or not at all: another name beside it, flushed to the disk, then renamed over it. A link is
 * followed, so that the file it names is replaced and not the link; the file's mode is kept.
 * @throws HostError `disk`; what stood there before is then untouched.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const target = await realpath(path).catch(() => resolve(path))
  const draft = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.part`)
  try {
    const mode = await stat(target).then(
      (s) => s.mode & 0o777,
      () => 0o666,
    )
    const file = await open(draft, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw diskError(`“${basename(path)}” was not saved`, error)
  }
}

/** The documents a person has opened or saved in this session; nothing else may be written by path. */
export class DocumentFiles {
  readonly #granted = new Set<string>()

  /** Reads a document that the person chose, and remembers that it may be saved again. */
  async read(path: string): Promise<{ path: string; name: string; text: string }> {
    const what = `“${basename(path)}” could not be opened`
    try {
      if ((await stat(path)).size > maxDocumentBytes) {
        throw new HostError('disk', `${what}: it is larger than 64 MiB, so it is no network document`)
      }
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
      return { ...this.grant(path), text }
    } catch (error) {
      if (error instanceof TypeError) throw new HostError('disk', `${what}: it is not a text file (UTF-8)`)
      throw diskError(what, error)
    }
  }

  /** Writes a document to a path the person chose, now or earlier. */
  async write(path: string, text: string): Promise<{ path: string; name: string }> {
    if (!this.#granted.has(resolve(path))) {
      throw new HostError(
        'bad-request',
        'this file was not opened or saved here before: choose it by Save as',
      )
    }
    await writeWhole(path, text)
    return { path, name: basename(path) }
  }

  /** Remembers a path that the person chose in a dialog. */
  grant(path: string): { path: string; name: string } {
    this.#granted.add(resolve(path))
    return { path, name: basename(path) }
  }
}
