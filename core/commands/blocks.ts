import { membersOf, scopeOf } from '../network/blocks.ts'
import { freshId } from '../network/edit.ts'
import type { Group, NetworkDocument } from '../network/schema.ts'
import { text } from '../network/text.ts'
import type { Command } from './command.ts'
import type { Point } from './layout.ts'
import { moveTo } from './moveLayers.ts'

type Places = Readonly<Record<string, Point>>

export interface MakeBlock {
  /** Layers and blocks that lie in the same block; those elsewhere are left out. */
  readonly ids: readonly string[]
  readonly name: string
  /** Upper left corner of the closed block. */
  readonly position: Point
  /** New places of what moves up to it. */
  readonly others?: Places
}

/** Makes a block of layers and blocks. Gives the block to select. */
export const makeBlock: Command<MakeBlock> = {
  id: 'make-block',
  label: text('Make a block', '블록 만들기'),
  edit(draft, { ids, name, position, others = {} }) {
    const first = ids.find((id) => isThere(draft, id))
    if (first === undefined) return undefined
    const scope = scopeOf(draft, first)
    const inside = new Set(ids.filter((id) => isThere(draft, id) && scopeOf(draft, id) === scope))
    const { id, nextId } = freshId(draft, 'g')
    for (const layer of draft.layers) if (inside.has(layer.id)) layer.group = id
    for (const group of draft.groups) if (inside.has(group.id)) group.parent = id
    moveTo(draft, others)
    const title = name.trim() || id
    draft.groups.push({
      id,
      name: title,
      ...(scope !== null && { parent: scope }),
      position: { x: position.x, y: position.y },
    })
    draft.nextId = nextId
    return [id]
  },
}

const isThere = (document: NetworkDocument, id: string) =>
  document.layers.some((layer) => layer.id === id) || document.groups.some((group) => group.id === id)

export interface DissolveBlocks {
  readonly groups: readonly string[]
  /** Where what was inside, and what makes room for it, comes to stand. */
  readonly positions?: Places
}

/** Takes blocks apart: what was inside lies where the block was. Gives what came out. */
export const dissolveBlocks: Command<DissolveBlocks> = {
  id: 'dissolve-blocks',
  label: text('Take the block apart', '블록 풀기'),
  edit(draft, { groups, positions = {} }) {
    const out: string[] = []
    for (const id of groups) {
      const group = draft.groups.find((g) => g.id === id)
      if (!group) continue
      const scope = scopeOf(draft, id)
      for (const layer of draft.layers) {
        if (layer.group !== id) continue
        out.push(layer.id)
        if (scope === null) delete layer.group
        else layer.group = scope
      }
      for (const child of draft.groups) {
        if (child.parent !== id) continue
        out.push(child.id)
        if (scope === null) delete child.parent
        else child.parent = scope
      }
      for (const comment of draft.comments ?? []) {
        if (comment.group !== id) continue
        if (scope === null) delete comment.group
        else comment.group = scope
      }
      draft.groups = draft.groups.filter((g) => g.id !== id)
    }
    if (out.length === 0) return undefined
    moveTo(draft, positions)
    return out
  },
}

export interface RenameBlock {
  readonly group: string
  readonly name: string
}

/** Gives a block another name; an empty one changes nothing. Names of blocks need not be unique. */
export const renameBlock: Command<RenameBlock> = {
  id: 'rename-block',
  label: text('Rename block', '블록 이름 변경'),
  edit(draft, args) {
    const name = args.name.trim().slice(0, 120)
    const group = draft.groups.find((g) => g.id === args.group)
    if (group && name !== '' && group.name !== name) group.name = name
    return undefined
  },
}

export interface SetBypassed {
  /** Layers and blocks. */
  readonly ids: readonly string[]
  readonly bypassed: boolean
}

/** Leaves layers and blocks out of what is computed, or takes them in again. They stay where they are. */
export const setBypassed: Command<SetBypassed> = {
  id: 'set-bypassed',
  label: text('Bypass', '우회'),
  edit(draft, { ids, bypassed }) {
    const wanted = new Set(ids)
    for (const item of [...draft.layers, ...draft.groups]) {
      if (!wanted.has(item.id) || (item.bypassed ?? false) === bypassed) continue
      if (bypassed) item.bypassed = true
      else delete item.bypassed
    }
    return undefined
  },
}

export interface SetCollapsed {
  readonly layers: readonly string[]
  readonly collapsed: boolean
}

/** Draws layers as one bar, or with their parameters again. */
export const setCollapsed: Command<SetCollapsed> = {
  id: 'set-collapsed',
  label: text('Collapse', '접기'),
  edit(draft, { layers, collapsed }) {
    const wanted = new Set(layers)
    for (const layer of draft.layers) {
      if (!wanted.has(layer.id) || (layer.collapsed ?? false) === collapsed) continue
      if (collapsed) layer.collapsed = true
      else delete layer.collapsed
    }
    return undefined
  },
}

export interface ExposeParam {
  readonly group: string
  readonly layer: string
  readonly param: string
  readonly exposed: boolean
}

/** Lets a parameter of a layer inside be set from the block, or no longer. */
export const exposeParam: Command<ExposeParam> = {
  id: 'expose-param',
  label: text('Expose parameter', '파라미터 노출'),
  edit(draft, { group: id, layer, param, exposed }) {
    const group = draft.groups.find((g) => g.id === id)
    if (!group || !membersOf(draft, id).has(layer)) return undefined
    const mine = (entry: { layer: string; param: string }) => entry.layer === layer && entry.param === param
    const list = group.exposed ?? []
    if (list.some(mine) === exposed) return undefined
    const next = exposed ? [...list, { layer, param }] : list.filter((entry) => !mine(entry))
    if (next.length > 0) group.exposed = next
    else delete group.exposed
    return undefined
  },
}

/** Takes blocks away in which nothing is left, of those that held something before. */
export function pruneBlocks(draft: NetworkDocument, before: readonly Group[]): void {
  const held = new Set(before.map((group) => group.id))
  for (;;) {
    const full = new Set([
      ...draft.layers.map((layer) => layer.group),
      ...draft.groups.map((group) => group.parent),
    ])
    const left = draft.groups.filter((group) => full.has(group.id) || !held.has(group.id))
    if (left.length === draft.groups.length) break
    draft.groups = left
  }
  const layers = new Set(draft.layers.map((layer) => layer.id))
  for (const group of draft.groups) {
    if (!group.exposed?.some((entry) => !layers.has(entry.layer))) continue
    group.exposed = group.exposed.filter((entry) => layers.has(entry.layer))
    if (group.exposed.length === 0) delete group.exposed
  }
}

/** Blocks that hold a layer, however deep. */
export function heldBlocks(document: NetworkDocument): readonly Group[] {
  const groups = new Map(document.groups.map((group) => [group.id, group]))
  const held = new Map<string, Group>()
  for (const { group } of document.layers)
    for (let at = group; at !== undefined && !held.has(at); at = groups.get(at)?.parent) {
      const found = groups.get(at)
      if (!found) break
      held.set(at, found)
    }
  return [...held.values()]
}
