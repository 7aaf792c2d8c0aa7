import { commands } from '../../core/commands/index.ts'
import { homeAt, type Item, type Placement } from '../../core/drawing/placement.ts'
import { anatomyOf, WIDTH } from '../../core/drawing/size.ts'
import { COLUMN_GAP } from '../../core/drawing/spacing.ts'
import type { AnyKind } from '../../core/layers/index.ts'
import { blocksOf } from '../../core/network/blocks.ts'
import { OUTPUT_PORT } from '../../core/network/document.ts'
import type { Layer } from '../../core/network/schema.ts'
import { downstreamOf } from '../app/walk.ts'
import { useStore } from '../state/store.ts'
import type { Point } from '../state/view.ts'
import { placementNow } from './blocks.ts'
import { exitOf } from './ends.ts'
import { stage } from './stage.ts'

/** Room that a wire's shape needs between two layers. */
const GAP = 64
/** Nearer to its line than this, a layer comes to stand on it. */
const SNAP = 30

const minus = (a: Point, b: Point): Point => ({ x: Math.round(a.x - b.x), y: Math.round(a.y - b.y) })

/** Adds a layer of a kind at a place of the canvas, into the wire there if any. Gives its id. */
export function putLayer(kind: string, at: Point, wire: string | null): string | undefined {
  const { document } = useStore.getState()
  const made = wire ? document.run(commands.insertOnWire, { kind, ...onWire(wire, at, WIDTH) }) : []
  if (made.length > 0) return made[0]
  return document.run(commands.addLayer, { kind, ...homeOf(at) })[0]
}

/** Between two that are added behind the same one. */
const BELOW = 32

/** Where something that is added without a pointer goes. */
export interface Behind {
  /** What it goes behind. */
  readonly item: Item
  /** In canvas pixels, free of others. */
  readonly at: Point
}

/** The place behind the item that was selected last; null where nothing is selected. */
export function behindSelection(): Behind | null {
  const { items } = placementNow()
  const item = items.get(useStore.getState().view.selection.at(-1) ?? '')
  if (!item) return null
  const x = item.box.x + item.box.width + COLUMN_GAP
  const beside = [...items.values()]
    .filter(({ scope, box }) => scope === item.scope && box.x < x + WIDTH && box.x + box.width > x)
    .sort((a, b) => a.box.y - b.box.y)
  let { y } = item.box
  for (const { box } of beside)
    if (box.y < y + item.box.height && box.y + box.height > y) y = box.y + box.height + BELOW
  return { item, at: { x, y } }
}

/** Adds a layer behind what is selected and connected to it, else in the middle of what is seen. Gives its id. */
export function putBehind(kind: AnyKind): string | undefined {
  const { document } = useStore.getState()
  const behind = behindSelection()
  if (!behind) return putLayer(kind.kind, stage.toCanvas(stage.pointer()), null)
  const { item, at } = behind
  const from = kind.inputs.length > 0 ? exitOf(document.document, item.id) : null
  return document.run(commands.addLayer, {
    kind: kind.kind,
    position: minus(at, item.offset),
    ...(item.scope !== null && { group: item.scope }),
    ...(from !== null && { from: { layer: from, port: OUTPUT_PORT } }),
  })[0]
}

/** A place of the canvas as the document has it: in which block, and where there. */
export function homeOf(at: Point): { position: Point; group?: string } {
  const { group, offset } = homeAt(placementNow(), at)
  return { position: minus(at, offset), ...(group !== null && { group }) }
}

/** Puts a layer that stands already into a wire. */
export function putOnWire(layer: Layer, at: Point, wire: string): void {
  useStore
    .getState()
    .document.run(commands.insertOnWire, { layer: layer.id, ...onWire(wire, at, anatomyOf(layer).width) })
}

interface PlaceOnWire {
  readonly wire: string
  /** Others that are drawn as the same line. */
  readonly along: readonly string[]
  readonly position: Point
  readonly others: Record<string, Point>
  readonly group?: string
}

/**
 * Where a layer that is let go over a wire ends up: on the line of the wire's source with room for the shape before it,
 * and what stands behind it in the same row moved to the right as far as room is missing. A wire that leads back
 * to another row takes the layer where it was let go.
 */
function onWire(wire: string, at: Point, width: number): PlaceOnWire {
  const placement = placementNow()
  const { document, standIn, items } = placement
  const found = document.wires.find((w) => w.id === wire)
  const source = items.get(standIn.get(found?.from.layer ?? '') ?? '')
  const target = items.get(standIn.get(found?.to.layer ?? '') ?? '')
  const along = document.wires
    .filter((w) => w.id !== wire && w.from.layer === found?.from.layer)
    .filter((w) => target?.type === 'block' && standIn.get(w.to.layer) === target.id)
    .map((w) => w.id)
  const scope = target?.scope ?? source?.scope ?? null
  const home = { wire, along, ...(scope !== null && { group: scope }) }
  const offset = (source?.scope === scope ? source : target)?.offset ?? { x: 0, y: 0 }
  if (!source || !target || target.box.x < source.box.x || source.scope !== target.scope)
    return { ...home, position: minus(at, offset), others: {} }
  const first = source.box.x + source.box.width + GAP
  const last = target.box.x - width - GAP
  const x = Math.max(first, Math.min(at.x, last))
  const level = Math.abs(at.y - source.box.y) < SNAP
  const missing = Math.max(0, x + width + GAP - target.box.x)
  const others = missing > 0 ? rowBehind(placement, target) : []
  return {
    ...home,
    position: minus({ x, y: level ? source.box.y : at.y }, source.offset),
    others: Object.fromEntries(
      others.map((item) => [item.id, minus({ x: item.box.x + missing, y: item.box.y }, item.offset)]),
    ),
  }
}

/** The item and those it leads to, as far as they stand to its right in the same row. */
function rowBehind({ document, items, standIn }: Placement, target: Item): readonly Item[] {
  const { layers } = blocksOf(document)
  const starts = [...layers.keys()].filter((id) => standIn.get(id) === target.id)
  const behind = new Set([...downstreamOf(document, starts)].map((id) => standIn.get(id)))
  const height = target.box.height + 40
  return [...items.values()].filter(
    (item) =>
      behind.has(item.id) &&
      item.scope === target.scope &&
      item.box.x >= target.box.x &&
      Math.abs(item.box.y - target.box.y) < height,
  )
}
