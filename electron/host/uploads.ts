import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { appendFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { text } from '../../core/network/text.ts'
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

const notTaken = (name: string) => text(`“${name}” could not be taken`, `‘${name}’ 파일을 받을 수 없습니다`)

/** A file that a person chose in the window, on its way to the host: one at a time, in a folder of its own. */
export class Uploads {
  #upload: Upload | null = null

  /** Drops what came before. @throws HostError `disk` */
  async begin({ name, size }: Request<'weights.begin'>): Promise<{ id: string }> {
    this.close()
    const own = basename(name.replaceAll('\\', '/'))
    try {
      const folder = mkdtempSync(join(tmpdir(), 'layerloom-upload-'))
      const path = join(folder, 'file')
      const written = writeFile(path, new Uint8Array(), { mode: 0o600 })
      const upload: Upload = { id: randomUUID(), name: own, size, folder, path, came: 0, written }
      this.#upload = upload
      await written
      return { id: upload.id }
    } catch (error) {
      throw diskError(notTaken(own), error)
    }
  }

  /** @throws HostError `bad-request` for more than was announced, `disk` */
  async part({ id, bytes }: Request<'weights.part'>): Promise<void> {
    const upload = this.#of(id)
    if (upload.came + bytes.length > upload.size) {
      throw new HostError(
        'bad-request',
        text(
          `“${upload.name}” was announced with ${upload.size} bytes: more came`,
          `‘${upload.name}’은(는) ${upload.size}바이트라고 했지만 더 많이 왔습니다.`,
        ),
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
        text(
          `“${upload.name}” was announced with ${upload.size} bytes: ${upload.came} came`,
          `‘${upload.name}’은(는) ${upload.size}바이트라고 했지만 ${upload.came}바이트만 왔습니다.`,
        ),
      )
    }
    await this.#settled(upload)
    return upload
  }

  async #settled({ name, written }: Upload): Promise<void> {
    try {
      await written
    } catch (error) {
      throw diskError(notTaken(name), error)
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
      throw new HostError(
        'not-found',
        text(
          'this file is not here any more: choose it again',
          '이 파일이 더는 없습니다. 다시 선택해 주세요.',
        ),
      )
    return this.#upload
  }
}
