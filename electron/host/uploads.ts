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
}

/** A file that a person chose in the window, on its way to a trainer: one at a time, in a folder of its own. */
export class Uploads {
  #upload: Upload | null = null

  /** Drops what came before. @throws HostError `disk` */
  async begin({ name, size }: Request<'weights.begin'>): Promise<{ id: string }> {
    this.close()
    try {
      const folder = mkdtempSync(join(tmpdir(), 'layerloom-weights-'))
      const path = join(folder, 'weights')
      const own = basename(name.replaceAll('\\', '/'))
      this.#upload = { id: randomUUID(), name: own, size, folder, path, came: 0 }
      await writeFile(path, new Uint8Array(), { mode: 0o600 })
    } catch (error) {
      throw diskError(`“${basename(name)}” could not be taken`, error)
    }
    return { id: this.#upload.id }
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
    // counted first, since the next part may come before this one is written
    upload.came += bytes.length
    try {
      await appendFile(upload.path, bytes)
    } catch (error) {
      throw diskError(`“${upload.name}” could not be taken`, error)
    }
  }

  /** The file, once it is whole. */
  whole(id: string): { readonly path: string; readonly name: string } {
    const upload = this.#of(id)
    if (upload.came !== upload.size) {
      throw new HostError(
        'bad-request',
        `“${upload.name}” was announced with ${upload.size} bytes: ${upload.came} came`,
      )
    }
    return upload
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
