import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { appendFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Request } from '../../core/protocol/contract.ts'
import { diskError, HostError } from './host-error.ts'

interface Upload {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly folder: string
  readonly path: string
  came: number
  /** Settles when all that came is written. */
  written: Promise<void>
}

/** A file that a person chose in the window, on its way to a trainer: one at a time, in a folder of its own. */
export class Uploads {
  #upload: Upload | null = null

  /** Drops what came before. @throws HostError `disk` */
  async begin({ name, size }: Request<'weights.begin'>): Promise<{ id: string }> {
    this.close()
    const own = basename(name.replaceAll('\\', '/'))
    try {
      const folder = mkdtempSync(join(tmpdir(), 'layerloom-weights-'))
      const path = join(folder, 'weights')
      const written = writeFile(path, new Uint8Array(), { mode: 0o600 })
      const upload: Upload = { id: randomUUID(), name: own, size, folder, path, came: 0, written }
      this.#upload = upload
      await written
      return { id: upload.id }
    } catch (error) {
      throw diskError(`“${own}” could not be taken`, error)
    }
  }

  /** @throws HostError `bad-request` for more than was announced, `disk` */
  async part({ id, bytes }: Request<'weights.part'>): Promise<void> {
    const upload = this.#of(id)
    if (upload.came + bytes.length > upload.size) {
      throw new HostError(
        'bad-request',
        `“${upload.name}” was announced with ${upload.size} bytes: more came`,
      )
    }
    upload.came += bytes.length
    // one after the other, whenever they come
    upload.written = upload.written.then(() => appendFile(upload.path, bytes))
    await this.#settled(upload)
  }

  /** The file, once it is whole. @throws HostError `bad-request` when it is not, `disk` */
  async whole(id: string): Promise<{ readonly path: string; readonly name: string }> {
    const upload = this.#of(id)
    if (upload.came !== upload.size) {
      throw new HostError(
        'bad-request',
        `“${upload.name}” was announced with ${upload.size} bytes: ${upload.came} came`,
      )
    }
    await this.#settled(upload)
    return upload
  }

  async #settled({ name, written }: Upload): Promise<void> {
    try {
      await written
    } catch (error) {
      throw diskError(`“${name}” could not be taken`, error)
    }
  }

  drop(id: string): void {
    if (this.#upload?.id === id) this.close()
  }

  /** Leaves nothing on the disk. */
  close(): void {
    if (this.#upload) rmSync(this.#upload.folder, { recursive: true, force: true })
    this.#upload = null
  }

  #of(id: string): Upload {
    if (this.#upload?.id !== id)
      throw new HostError('not-found', 'this file is not here any more: choose it again')
    return this.#upload
  }
}
