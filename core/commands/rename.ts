import { text } from '../network/text.ts'
import type { Command } from './command.ts'

export interface RenameLayer {
  readonly layer: string
  readonly name: string
}

/** Longest name of a layer, in characters. */
export const MAX_LAYER_NAME = 120

/** Gives a layer another name. A name that is empty, too long or already taken changes nothing. */
export const renameLayer: Command<RenameLayer> = {
  id: 'rename-layer',
  label: text('Rename layer', '레이어 이름 변경'),
  edit(draft, args) {
    const name = args.name.trim()
    if (name === '' || name.length > MAX_LAYER_NAME) return undefined
    if (draft.layers.some((layer) => layer.name === name)) return undefined
    const layer = draft.layers.find((l) => l.id === args.layer)
    if (layer) layer.name = name
    return undefined
  },
}

export interface RenameNetwork {
  readonly name: string
}

/** Gives the network another name. */
export const renameNetwork: Command<RenameNetwork> = {
  id: 'rename-network',
  label: text('Rename network', '네트워크 이름 변경'),
  edit(draft, args) {
    const name = args.name.trim().slice(0, 200)
    if (name !== '' && name !== draft.name) draft.name = name
    return undefined
  },
}
