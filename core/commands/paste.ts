import { z } from 'zod'
import { groupsOf, layersOf } from '../network/blocks.ts'
import { freshId } from '../network/edit.ts'
import { groupSchema, layerSchema, type NetworkDocument, wireSchema } from '../network/schema.ts'
import { text } from '../network/text.ts'
import { type Command, copyOf } from './command.ts'
import { addWire, takesMany } from './ports.ts'

const clipSchema = z.object({
  format: z.literal('layerloom-layers'),
  layers: z.array(layerSchema).min(1),
  /** Wires among the layers, and those that led to them from elsewhere. */
  wires: z.array(wireSchema),
  /** Blocks that were copied whole. */
  groups: z.array(groupSchema).default([]),
})
/** Copied layers and blocks on their way through a clipboard, or kept in a person's own palette. */
export type Clip = z.infer<typeof clipSchema>

/** What a copy of some layers and blocks holds; null when none of them is there. */
export function clipOf(document: NetworkDocument, ids: readonly string[]): Clip | null {
  const wanted = new Set(layersOf(document, ids))
  const blocks = new Set(groupsOf(document, ids))
  const layers = document.layers.filter((layer) => wanted.has(layer.id))
  if (layers.length === 0) return null
  const wires = document.wires.filter((wire) => wanted.has(wire.to.layer))
  const groups = document.groups.filter((group) => blocks.has(group.id))
  return { format: 'layerloom-layers', layers, wires, groups }
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

type Offset = { readonly x: number; readonly y: number }

export interface Paste {
  readonly clip: Clip
  /** Added to every copied position. */
  readonly offset: Offset
  /** Also connect the copies to what fed the originals, where that is still there. */
  readonly keepInputs?: boolean
  /** The block that the copies come to lie in. */
  readonly group?: string
}

/** Adds copies of layers and blocks with new ids and names, and the wires among them. */
export const paste: Command<Paste> = {
  id: 'paste',
  label: text('Paste', '붙여넣기'),
  edit: (draft, args) => outermost(addCopies(draft, args)),
}

export interface Duplicate {
  /** Layers and blocks. */
  readonly layers: readonly string[]
  readonly offset: Offset
}

/** Copies layers and blocks beside themselves, with the wires among them. */
export const duplicate: Command<Duplicate> = {
  id: 'duplicate',
  label: text('Duplicate', '복제'),
  edit(draft, { layers, offset }) {
    const clip = clipOf(draft, layers)
    return clip ? outermost(addCopies(draft, { clip: copyOf(clip), offset, keepGroups: true })) : undefined
  },
}

export interface Copies {
  /** New ids by the ids of what was copied. */
  readonly layers: ReadonlyMap<string, string>
  readonly groups: ReadonlyMap<string, string>
  /** New ids of what lies in no copied block. */
  readonly outer: readonly string[]
}
const outermost = ({ outer }: Copies) => outer

/** Puts copies into the draft; with `keepGroups` each lies in the block that its original lies in. */
export function addCopies(
  draft: NetworkDocument,
  { clip, offset, keepInputs, group: into, keepGroups }: Paste & { readonly keepGroups?: boolean },
): Copies {
  const layers = new Map<string, string>()
  const groups = new Map<string, string>()
  const outer: string[] = []
  const place = (position: Offset, within: boolean) =>
    within ? { ...position } : { x: position.x + offset.x, y: position.y + offset.y }
  for (const group of clip.groups) {
    const { id, nextId } = freshId(draft, 'g')
    draft.nextId = nextId
    groups.set(group.id, id)
  }
  const homeOf = (home: string | undefined) => {
    const copied = home === undefined ? undefined : groups.get(home)
    const other = keepGroups ? home : into
    return { home: copied ?? other, within: copied !== undefined }
  }
  for (const layer of clip.layers) {
    const { id, nextId } = freshId(draft, 'l')
    const { group: _, ...rest } = layer
    const { home, within } = homeOf(layer.group)
    const position = place(layer.position, within)
    const name = nextName(draft.layers, layer.name)
    draft.layers.push({ ...rest, id, name, ...(home !== undefined && { group: home }), position })
    draft.nextId = nextId
    layers.set(layer.id, id)
    if (!within) outer.push(id)
  }
  for (const group of clip.groups) {
    const { parent, position, exposed, ...rest } = group
    const { home, within } = homeOf(parent)
    const kept = exposed?.flatMap((entry) => {
      const layer = layers.get(entry.layer)
      return layer === undefined ? [] : [{ ...entry, layer }]
    })
    draft.groups.push({
      ...rest,
      id: groups.get(group.id)!,
      name: within ? group.name : nextName(draft.groups, group.name),
      ...(home !== undefined && { parent: home }),
      ...(position && { position: place(position, within) }),
      ...(kept?.length && { exposed: kept }),
    })
    if (!within) outer.push(groups.get(group.id)!)
  }
  addWires(draft, clip, layers, keepInputs === true)
  return { layers, groups, outer }
}

function addWires(
  draft: NetworkDocument,
  { wires }: Clip,
  copies: ReadonlyMap<string, string>,
  keepInputs: boolean,
): void {
  for (const { from, to } of wires) {
    const target = copies.get(to.layer)
    const inside = copies.get(from.layer)
    const outside = keepInputs && draft.layers.some((l) => l.id === from.layer) ? from.layer : undefined
    const source = inside ?? outside
    if (target === undefined || source === undefined) continue
    const end = { layer: target, port: to.port }
    const taken = draft.wires.some((w) => w.to.layer === target && w.to.port === to.port)
    if (!taken || takesMany(draft, end)) addWire(draft, { layer: source, port: from.port }, end)
  }
}

/** `c3` gives `c4`, or the next number that none has; `pool` gives `pool2`. */
function nextName(among: readonly { readonly name: string }[], name: string): string {
  const taken = new Set(among.map((item) => item.name))
  if (!taken.has(name)) return name
  const match = /^(.*?)(\d{1,6})$/.exec(name)
  const stem = match ? match[1]! : name
  let n = match ? Number(match[2]) + 1 : 2
  while (taken.has(`${stem}${n}`)) n++
  return `${stem}${n}`
}
