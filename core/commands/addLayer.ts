import { kindOf } from '../layers/index.ts'
import { OUTPUT_PORT } from '../network/document.ts'
import { freshId, freshName } from '../network/edit.ts'
import type { Layer, NetworkDocument } from '../network/schema.ts'
import { text } from '../network/text.ts'
import { type Command, copyOf } from './command.ts'
import { addWire, type End } from './ports.ts'

export interface AddLayer {
  readonly kind: string
  /** Upper left corner, in canvas pixels. */
  readonly position: { readonly x: number; readonly y: number }
  /** An output that is led to the new layer's first input at once. */
  readonly from?: End
  /** An input that the new layer's output is led to at once. */
  readonly to?: End
  /** The block that it comes to lie in. */
  readonly group?: string
}

/** Adds a layer of a known kind with its default parameters, and connects it where asked. */
export const addLayer: Command<AddLayer> = {
  id: 'add-layer',
  label: text('Add layer', '레이어 추가'),
  edit(draft, { kind, position, from, to, group }) {
    const layer = createLayer(draft, kind, position, group)
    if (!layer) return undefined
    const input = kindOf(kind)?.inputs[0]
    if (from && input) addWire(draft, from, { layer: layer.id, port: input.name })
    if (to) addWire(draft, { layer: layer.id, port: OUTPUT_PORT }, to)
    return [layer.id]
  },
}

/** Puts a new layer into the draft; null when the kind is not known. */
export function createLayer(
  draft: NetworkDocument,
  kind: string,
  position: AddLayer['position'],
  group?: string,
): Layer | null {
  const known = kindOf(kind)
  if (!known) return null
  const { id, nextId } = freshId(draft, 'l')
  const params = Object.fromEntries(
    Object.entries(known.params).map(([name, spec]) => [name, copyOf(spec.default)]),
  )
  const layer: Layer = {
    id,
    kind,
    kindVersion: known.version,
    name: freshName(draft, baseName(kind)),
    ...(group !== undefined && draft.groups.some((g) => g.id === group) && { group }),
    params,
    position: { ...position },
  }
  draft.layers.push(layer)
  draft.nextId = nextId
  return layer
}

/** `max-pool` gives `maxpool`: names become prefixes of weight names, where dashes read badly. */
const baseName = (kind: string) => kind.replaceAll('-', '')
