import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { text } from '../../core/network/text.ts'
import { writeAtomically } from '../trainer/run/atomic.ts'
import { diskError } from './host-error.ts'

/**
 * What the window keeps on this computer (its settings, the person's blocks, recent files), in the person's own folder:
 * a browser keeps things by address, and the loopback host's changes with its port.
 */
export class Kept {
  readonly #dir: string

  constructor(home: string) {
    this.#dir = join(home, 'window')
  }

  /** Null where nothing was kept. @throws HostError `disk` */
  read(name: string): string | null {
    return missing(() => readFileSync(join(this.#dir, `${name}.json`), 'utf8'))
  }

  /** @throws HostError `disk`; what was kept before is then untouched. */
  write(name: string, text: string): void {
    keep(this.#dir, `${name}.json`, text)
  }
}

/** A host says that it lives this often, in ms; one that was silent for longer than `SILENT` does not. */
const BEAT = 5_000
const SILENT = 15_000
const FILE = /^([0-9a-f-]{36})\.(\d+)\.json$/

/**
 * What windows have not saved yet, a file a window, so that a kill of window and host alike loses nothing. Other hosts
 * that live keep their windows' files to themselves.
 */
export class Unsaved {
  readonly #dir: string
  readonly #mine = new Set<string>()
  #beat: NodeJS.Timeout | undefined

  constructor(home: string) {
    this.#dir = join(home, 'unsaved')
  }

  /** Newest first; `here`: kept by this host, for a window that may still be open. @throws HostError `disk` */
  list(): { window: string; text: string; here: boolean }[] {
    const found = this.#files().filter(({ pid, at }) => pid === process.pid || !lives(pid, at))
    return found
      .toSorted((a, b) => b.at - a.at)
      .flatMap(({ name, window, pid }) => {
        const text = missing(() => readFileSync(join(this.#dir, name), 'utf8'))
        return text === null ? [] : [{ window, text, here: pid === process.pid }]
      })
  }

  /** Keeps what a window has not saved; null: it is saved, or given up. @throws HostError `disk` */
  write(window: string, text: string | null): void {
    const name = `${window}.${process.pid}.json`
    if (text !== null) {
      keep(this.#dir, name, text)
      this.#mine.add(name)
      this.#beat ??= setInterval(() => this.#touch(), BEAT).unref()
    }
    for (const file of this.#files()) {
      if (file.window !== window || (text !== null && file.name === name)) continue
      rmSync(join(this.#dir, file.name), { force: true })
      this.#mine.delete(file.name)
    }
  }

  #files() {
    const entries = missing(() => readdirSync(this.#dir, { withFileTypes: true })) ?? []
    return entries.flatMap((entry) => {
      const parts = FILE.exec(entry.name)
      const stat = statSync(join(this.#dir, entry.name), { throwIfNoEntry: false })
      if (!parts || !entry.isFile() || !stat) return []
      return [{ name: entry.name, window: parts[1]!, pid: Number(parts[2]), at: stat.mtimeMs }]
    })
  }

  #touch(): void {
    const now = new Date()
    for (const name of this.#mine) {
      try {
        utimesSync(join(this.#dir, name), now, now)
      } catch {
        // taken away by somebody else, who then has it
        this.#mine.delete(name)
      }
    }
  }
}

/** The process may have another's number after a restart of the computer, so that it must have been heard of lately too. */
function lives(pid: number, heard: number): boolean {
  if (Date.now() - heard > SILENT) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Null for what is not there. */
function missing<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw diskError(text('what was kept could not be read', '보관한 내용을 읽을 수 없습니다'), error)
  }
}

function keep(dir: string, name: string, content: string): void {
  try {
    mkdirSync(dir, { recursive: true })
    writeAtomically(join(dir, name), content)
  } catch (error) {
    throw diskError(text('it could not be kept', '보관할 수 없습니다'), error)
  }
}
