import { kindOf } from '../layers/index.ts'
import { OUTPUT_PORT } from '../network/document.ts'
import { freshId } from '../network/edit.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { text } from '../network/text.ts'
import { type AddLayer, createLayer } from './addLayer.ts'
import type { Command } from './command.ts'
import { moveTo } from './moveLayers.ts'
import { inputPorts } from './ports.ts'

export interface InsertOnWire {
  readonly wire: string
  /** Others from the same source that are led through the layer with it. */
  readonly along?: readonly string[]
  /** A new layer of this kind... */
  readonly kind?: string
  /** ...or one that stands already and has no wires yet. */
  readonly layer?: string
  readonly position: AddLayer['position']
  /** New places of other layers that make room for it. */
  readonly others?: Readonly<Record<string, AddLayer['position']>>
  /** The block that a new layer comes to lie in. */
  readonly group?: string
}

/** Puts a layer, new or so far unconnected, between the two ends of a wire. */
export const insertOnWire: Command<InsertOnWire> = {
  id: 'insert-on-wire',
  label: text('Insert layer', '레이어 삽입'),
  edit(draft, { wire: wireId, kind, layer: layerId, position, others = {}, group, along = [] }) {
    const wire = draft.wires.find((w) => w.id === wireId)
    if (!wire) return undefined
    if (layerId !== undefined && !canInsert(draft, wireId, layerId)) return undefined
    const fits = kind !== undefined && (kindOf(kind)?.inputs.length ?? 0) > 0
    const layer =
      layerId === undefined
        ? fits && createLayer(draft, kind, position, group)
        : draft.layers.find((l) => l.id === layerId)
    if (!layer) return undefined
    moveTo(draft, others)
    layer.position = { ...position }
    const port = inputPorts(draft, layer.id)[0]!.name
    const { id, nextId } = freshId(draft, 'w')
    draft.wires.push({ id, from: { ...wire.from }, to: { layer: layer.id, port } })
    draft.nextId = nextId
    // the old wire keeps its place: the order of wires is the order of a merge's inputs
    const source = wire.from.layer
    wire.from = { layer: layer.id, port: OUTPUT_PORT }
    for (const other of draft.wires)
      if (along.includes(other.id) && other.from.layer === source) other.from = { ...wire.from }
    return [layer.id]
  },
}

/** Whether a layer that stands on the canvas can be put between the ends of a wire: it has an input and no wires. */
export function canInsert(document: NetworkDocument, wire: string, layer: string): boolean {
  const ends = document.wires.find((w) => w.id === wire)
  const loose = !document.wires.some((w) => w.from.layer === layer || w.to.layer === layer)
  const known = kindOf(document.layers.find((l) => l.id === layer)?.kind ?? '')
  return ends !== undefined && loose && (known?.inputs.length ?? 0) > 0
}
