import { z } from 'zod'
import { freshId } from '../network/edit.ts'
import { layerSchema, type NetworkDocument, wireSchema } from '../network/schema.ts'
import { text } from '../network/text.ts'
import { type Command, copyOf } from './command.ts'
import { addWire, takesMany } from './ports.ts'

const clipSchema = z.object({
  format: z.literal('layerloom-layers'),
  layers: z.array(layerSchema).min(1),
  /** Wires among the layers, and those that led to them from elsewhere. */
  wires: z.array(wireSchema),
})
/** Copied layers on their way through a clipboard. */
export type Clip = z.infer<typeof clipSchema>

/** What a copy of some layers holds; null when none of them is there. */
export function clipOf(document: NetworkDocument, ids: readonly string[]): Clip | null {
  const wanted = new Set(ids)
  const layers = document.layers.filter((layer) => wanted.has(layer.id))
  if (layers.length === 0) return null
  const wires = document.wires.filter((wire) => wanted.has(wire.to.layer))
  return { format: 'layerloom-layers', layers, wires }
}

/** Reads a clipboard's text; null when it is something else. */
export function parseClip(source: string): Clip | null {
  try {
    const parsed = clipSchema.safeParse(JSON.parse(source))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

export interface Paste {
  readonly clip: Clip
  /** Added to every copied position. */
  readonly offset: { readonly x: number; readonly y: number }
  /** Also connect the copies to what fed the originals, where that is still there. */
  readonly keepInputs?: boolean
}

/** Adds copies of layers with new ids and names, and the wires among them. */
export const paste: Command<Paste> = {
  id: 'paste',
  label: text('Paste', '붙여넣기'),
  edit: (draft, args) => addCopies(draft, args),
}

export interface Duplicate {
  readonly layers: readonly string[]
  readonly offset: { readonly x: number; readonly y: number }
}

/** Copies layers beside themselves, with the wires among them. */
export const duplicate: Command<Duplicate> = {
  id: 'duplicate',
  label: text('Duplicate', '복제'),
  edit(draft, { layers, offset }) {
    const clip = clipOf(draft, layers)
    return clip ? addCopies(draft, { clip: copyOf(clip), offset }) : undefined
  },
}

function addCopies(draft: NetworkDocument, { clip, offset, keepInputs }: Paste): readonly string[] {
  const copies = new Map<string, string>()
  for (const layer of clip.layers) {
    const { id, nextId } = freshId(draft, 'l')
    const { group: _, ...rest } = layer
    const position = { x: layer.position.x + offset.x, y: layer.position.y + offset.y }
    draft.layers.push({ ...rest, id, name: nextName(draft, layer.name), position })
    draft.nextId = nextId
    copies.set(layer.id, id)
  }
  for (const { from, to } of clip.wires) {
    const target = copies.get(to.layer)
    const inside = copies.get(from.layer)
    const outside = keepInputs && draft.layers.some((l) => l.id === from.layer) ? from.layer : undefined
    const source = inside ?? outside
    if (target === undefined || source === undefined) continue
    const end = { layer: target, port: to.port }
    const taken = draft.wires.some((w) => w.to.layer === target && w.to.port === to.port)
    if (!taken || takesMany(draft, end)) addWire(draft, { layer: source, port: from.port }, end)
  }
  return [...copies.values()]
}

/** `c3` gives `c4`, or the next number that no layer has; `pool` gives `pool2`. */
function nextName(document: NetworkDocument, name: string): string {
  const taken = new Set(document.layers.map((layer) => layer.name))
  if (!taken.has(name)) return name
  const match = /^(.*?)(\d{1,6})$/.exec(name)
  const stem = match ? match[1]! : name
  let n = match ? Number(match[2]) + 1 : 2
  while (taken.has(`${stem}${n}`)) n++
  return `${stem}${n}`
}
