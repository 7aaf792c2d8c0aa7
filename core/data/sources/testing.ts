import { strFromU8 } from 'fflate'
import { DataError } from '../dataset.ts'
import type { FileAccess } from '../feed.ts'

/** Files held in memory, by path with `/` between folders; all texts are UTF-8. */
export function memoryFiles(contents: Readonly<Record<string, Uint8Array>>): FileAccess {
  const paths = new Map(Object.entries(contents))
  return {
    async read(path) {
      const bytes = paths.get(path)
      if (!bytes) throw new DataError(`can't read ${path}: it does not exist: check the path`)
      return bytes
    },
    async entries(path) {
      const prefix = `${path}/`
      const inside = [...paths.keys()]
        .filter((known) => known.startsWith(prefix))
        .map((known) => known.slice(prefix.length).split('/'))
      const names = new Map(inside.map(([name, ...below]) => [name!, below.length > 0]))
      return [...names].sort().map(([name, folder]) => ({ name, folder }))
    },
    exists: async (path) => paths.has(path),
    join: (...parts) => parts.join('/'),
    text: (bytes) => strFromU8(bytes),
  }
}
