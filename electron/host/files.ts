import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { text } from '../../core/network/text.ts'
import { writeAtomically } from '../trainer/run/atomic.ts'
import { diskError, HostError } from './host-error.ts'
import { Kept } from './kept.ts'

/** A network document is some kilobytes; a file this large is something else, and would only stall the window. */
const maxDocumentBytes = 64 * 1024 * 1024

/**
 * Writes a file whole or not at all, see `writeAtomically`.
 * @throws HostError `disk`; what stood there before is then untouched.
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  try {
    writeAtomically(path, content)
  } catch (error) {
    const name = basename(path)
    throw diskError(text(`“${name}” was not saved`, `‘${name}’을(를) 저장하지 못했습니다`), error)
  }
}

/** So many files can be opened again in a later session. */
const REMEMBERED = 50

/**
 * The documents a person has opened or saved; nothing else may be written by path, and only these are opened again.
 * The last of them are remembered in `home`.
 */
export class DocumentFiles {
  readonly #granted = new Set<string>()
  readonly #kept: Kept
  #known: readonly string[] | undefined

  constructor(home: string) {
    this.#kept = new Kept(home)
  }

  /** Reads a document that the person chose by a dialog, now or in an earlier session. */
  async reopen(path: string): Promise<{ path: string; name: string; text: string }> {
    if (!this.#before().includes(resolve(path))) {
      throw new HostError(
        'bad-request',
        text(
          'this file was not opened or saved here before: choose it by Open',
          '여기에서 열거나 저장한 적이 없는 파일입니다. 열기로 선택해 주세요.',
        ),
      )
    }
    return this.read(path)
  }

  /** Reads a document that the person chose, and remembers that it may be saved again. */
  async read(path: string): Promise<{ path: string; name: string; text: string }> {
    const name = basename(path)
    const what = text(`“${name}” could not be opened`, `‘${name}’을(를) 열 수 없습니다`)
    try {
      if ((await stat(path)).size > maxDocumentBytes) {
        throw new HostError(
          'disk',
          text(
            `${what.en}: it is larger than 64 MiB, so it is no network document`,
            `${what.ko}. 64MiB보다 커서 네트워크 문서가 아닙니다.`,
          ),
        )
      }
      const content = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
      return { ...this.grant(path), text: content }
    } catch (error) {
      if (error instanceof TypeError) {
        throw new HostError(
          'disk',
          text(`${what.en}: it is not a text file (UTF-8)`, `${what.ko}. 텍스트 파일(UTF-8)이 아닙니다.`),
        )
      }
      throw diskError(what, error)
    }
  }

  /** Writes a document to a path the person chose, now or earlier. */
  async write(path: string, content: string): Promise<{ path: string; name: string }> {
    if (!this.#granted.has(resolve(path)) && !this.#before().includes(resolve(path))) {
      throw new HostError(
        'bad-request',
        text(
          'this file was not opened or saved here before: choose it by Save as',
          '여기에서 열거나 저장한 적이 없는 파일입니다. 다른 이름으로 저장으로 선택해 주세요.',
        ),
      )
    }
    writeWhole(path, content)
    return { path, name: basename(path) }
  }

  /** Remembers a path that the person chose in a dialog. */
  grant(path: string): { path: string; name: string } {
    const full = resolve(path)
    this.#granted.add(full)
    this.#known = [full, ...this.#before().filter((each) => each !== full)].slice(0, REMEMBERED)
    try {
      this.#kept.write('paths', JSON.stringify(this.#known))
    } catch {
      // a disk that is full costs the short way to the file in a later session, and not the file
    }
    return { path, name: basename(path) }
  }

  #before(): readonly string[] {
    try {
      this.#known ??= z.array(z.string()).parse(JSON.parse(this.#kept.read('paths') ?? '[]'))
    } catch {
      this.#known = []
    }
    return this.#known
  }
}
