import { createDocument } from '../network/document.ts'
import type { NetworkDocument } from '../network/schema.ts'

export type Item = readonly [name: string, kind: string, params?: object, from?: readonly string[]]

/** For tests: layers in a row, or behind those they name; ids are the names. */
export function net(...items: readonly Item[]): NetworkDocument {
  const sources = items.map(
    ([, kind, , from], i) => from ?? (i > 0 && kind !== 'input' ? [items[i - 1]![0]] : []),
  )
  return {
    ...createDocument('test'),
    layers: items.map(([name, kind, params = {}]) => ({
      id: name,
      kind,
      kindVersion: 1,
      name,
      params: { ...params },
      position: { x: 0, y: 0 },
    })),
    wires: items.flatMap(([name], i) =>
      sources[i]!.map((from, k) => ({
        id: `${from}>${name}#${k}`,
        from: { layer: from, port: 'out' },
        to: { layer: name, port: 'in' },
      })),
    ),
  }
}
