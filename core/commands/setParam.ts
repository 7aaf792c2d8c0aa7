import { kindOf, upgradeLayer } from '../layers/index.ts'
import type { Layer } from '../network/schema.ts'
import { text } from '../network/text.ts'
import type { Command } from './command.ts'

export interface SetParam {
  /** Ids of the layers, usually of one kind. */
  readonly layers: readonly string[]
  readonly param: string
  readonly value: unknown
  /** Sets one entry of a list (one axis of a kernel); each layer keeps its other entries. */
  readonly item?: number
  /** True while a person is typing: edits of the same field then count as one step of undo. */
  readonly typing?: boolean
}

/** Gives one parameter of one or several layers a value. Whether the kind accepts it is the analysis' to say. */
export const setParam: Command<SetParam> = {
  id: 'set-param',
  label: text('Change parameter', '파라미터 변경'),
  edit(draft, { layers, param, value, item }) {
    // a file has no word for it
    if (value === undefined) return undefined
    const wanted = new Set(layers)
    for (const layer of draft.layers) {
      if (!wanted.has(layer.id)) continue
      const next = item === undefined ? value : withItem(layer, param, item, value)
      if (sameValue(layer.params[param], next)) continue
      const current = upgradeLayer(layer)
      if (current !== layer) {
        layer.kindVersion = current.kindVersion
        layer.params = { ...current.params }
      }
      layer.params[param] = next
    }
    return undefined
  },
  mergeKey: ({ layers, param, item, typing }) =>
    typing ? `param:${param}:${item ?? ''}:${[...layers].sort().join(',')}` : null,
}

const sameValue = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

function withItem(layer: Layer, param: string, item: number, value: unknown): unknown {
  const known = kindOf(layer.kind)?.params[param]?.default
  const list = layer.params[param] ?? known
  return Array.isArray(list) ? list.map((old: unknown, i) => (i === item ? value : old)) : list
}
