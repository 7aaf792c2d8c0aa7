import { upgradeLayer } from '../layers/index.ts'
import { text } from '../network/text.ts'
import type { Command } from './command.ts'

export interface SetParam {
  /** Ids of the layers, usually of one kind. */
  readonly layers: readonly string[]
  readonly param: string
  readonly value: unknown
  /** True while a person is typing: edits of the same field then count as one step of undo. */
  readonly typing?: boolean
}

/** Gives one parameter of one or several layers a value. Whether the kind accepts it is the analysis' to say. */
export const setParam: Command<SetParam> = {
  id: 'set-param',
  label: text('Change parameter', '파라미터 변경'),
  edit(draft, { layers, param, value }) {
    const wanted = new Set(layers)
    for (const layer of draft.layers) {
      if (!wanted.has(layer.id) || sameValue(layer.params[param], value)) continue
      const current = upgradeLayer(layer)
      if (current !== layer) {
        layer.kindVersion = current.kindVersion
        layer.params = { ...current.params }
      }
      layer.params[param] = value
    }
    return undefined
  },
  mergeKey: ({ layers, param, typing }) => (typing ? `param:${param}:${[...layers].sort().join(',')}` : null),
}

const sameValue = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)
