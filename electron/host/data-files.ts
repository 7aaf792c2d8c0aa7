import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, rename, stat } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { text } from '../../core/network/text.ts'
import type { Request } from '../../core/protocol/contract.ts'
import { diskError } from './host-error.ts'
import { Uploads } from './uploads.ts'

/** Longest name in bytes, with room for a number behind it: file systems take 255. */
const LONGEST = 200

/** Files of data that a window sent, because it does not know where they lie: kept in the person's own folder. */
export class DataFiles {
  readonly #dir: string
  readonly #uploads = new Uploads()

  constructor(home: string) {
    this.#dir = join(home, 'data')
  }

  /** Drops what came before. @throws HostError `disk` */
  begin(file: Request<'data.begin'>): Promise<{ id: string }> {
    return this.#uploads.begin(file)
  }

  /** @throws HostError `bad-request` for more than was announced, `disk` */
  part(part: Request<'data.part'>): Promise<void> {
    return this.#uploads.part(part)
  }

  drop(id: string): void {
    this.#uploads.drop(id)
  }

  /**
   * Puts the file among the person's data; the one that lies there where it is the same already.
   * @throws HostError `bad-request` when it is not whole, `disk`
   */
  async keep(id: string): Promise<{ path: string }> {
    const { path, name } = await this.#uploads.whole(id)
    try {
      await mkdir(this.#dir, { recursive: true })
      const { target, there } = await this.#placeFor(path, nameOnDisk(name))
      if (!there) {
        // under another name until it is whole
        await copyFile(path, `${target}.part`)
        await rename(`${target}.part`, target)
      }
      return { path: target }
    } catch (error) {
      throw diskError(text(`“${name}” could not be kept`, `‘${name}’ 파일을 보관할 수 없습니다`), error)
    } finally {
      this.#uploads.drop(id)
    }
  }

  close(): void {
    this.#uploads.close()
  }

  /** A name that is free, or that of the same file. */
  async #placeFor(path: string, wanted: string): Promise<{ target: string; there: boolean }> {
    const { name, ext } = endingOf(wanted)
    for (let n = 1; ; n++) {
      const target = join(this.#dir, n === 1 ? wanted : `${name} (${n})${ext}`)
      const found = await stat(target).catch(() => null)
      if (!found) return { target, there: false }
      if (found.isFile() && (await same(path, target))) return { target, there: true }
    }
  }
}

/** A name that every file system takes, and that leads nowhere else. */
function nameOnDisk(given: string): string {
  const plain = given
    .normalize('NFC')
    .replace(/[\p{Cc}<>:"|?*]/gu, '_')
    .replace(/^\.+|[. ]+$/g, '')
  const { name, ext } = endingOf(plain)
  let short = name
  while (Buffer.byteLength(short + ext) > LONGEST && short.length > 1)
    short = [...short].slice(0, -1).join('')
  return `${short || 'data'}${ext}`
}

/** Takes a name apart; `.tar.gz` and `.csv.gz` are one ending. */
function endingOf(file: string): { name: string; ext: string } {
  const { name, ext } = parse(file)
  if (ext.toLowerCase() !== '.gz') return { name, ext }
  const inner = parse(name)
  return { name: inner.name, ext: inner.ext + ext }
}

async function same(a: string, b: string): Promise<boolean> {
  const [one, two] = await Promise.all([stat(a), stat(b)])
  return one.size === two.size && (await digest(a)) === (await digest(b))
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
