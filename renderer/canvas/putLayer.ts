import { commands } from '../../core/commands/index.ts'
import type { Layer, NetworkDocument } from '../../core/network/schema.ts'
import { downstreamOf } from '../app/walk.ts'
import { useStore } from '../state/store.ts'
import type { Point } from '../state/view.ts'
import { anatomyOf, WIDTH } from './size.ts'

/** Room that a wire's shape needs between two layers. */
const GAP = 64
/** Nearer to its line than this, a layer comes to stand on it. */
const SNAP = 30

/** Adds a layer of a kind at a place, into the wire there if any. Gives its id. */
export function putLayer(kind: string, position: Point, wire: string | null): string | undefined {
  const { document } = useStore.getState()
  const made = wire
    ? document.run(commands.insertOnWire, {
        wire,
        kind,
        ...placeOnWire(document.document, wire, position, WIDTH),
      })
    : []
  return (made.length > 0 ? made : document.run(commands.addLayer, { kind, position }))[0]
}

/** Puts a layer that stands already into a wire. */
export function putOnWire(layer: Layer, position: Point, wire: string): void {
  const { document } = useStore.getState()
  const place = placeOnWire(document.document, wire, position, anatomyOf(layer).width)
  document.run(commands.insertOnWire, { wire, layer: layer.id, ...place })
}

interface PlaceOnWire {
  readonly position: Point
  readonly others: Record<string, Point>
}

/**
 * Where a layer that is let go over a wire ends up: on the line of the wire's source with room for the shape before it,
 * and what stands behind it in the same row moved to the right as far as room is missing. A wire that leads back
 * to another row takes the layer where it was let go.
 */
function placeOnWire(document: NetworkDocument, wireId: string, at: Point, width: number): PlaceOnWire {
  const wire = document.wires.find((w) => w.id === wireId)
  const source = document.layers.find((layer) => layer.id === wire?.from.layer)
  const target = document.layers.find((layer) => layer.id === wire?.to.layer)
  if (!source || !target || target.position.x < source.position.x) return { position: at, others: {} }
  const first = source.position.x + anatomyOf(source).width + GAP
  const last = target.position.x - width - GAP
  const x = Math.max(first, Math.min(at.x, last))
  const level = Math.abs(at.y - source.position.y) < SNAP
  const missing = Math.max(0, x + width + GAP - target.position.x)
  const row = missing > 0 ? rowBehind(document, target) : []
  return {
    position: { x, y: level ? source.position.y : at.y },
    others: Object.fromEntries(
      row.map((layer) => [layer.id, { x: layer.position.x + missing, y: layer.position.y }]),
    ),
  }
}

/** The layer and those it leads to, as far as they stand to its right in the same row. */
function rowBehind(document: NetworkDocument, target: Layer): readonly Layer[] {
  const behind = downstreamOf(document, [target.id])
  const height = anatomyOf(target).height + 40
  return document.layers.filter(
    (layer) =>
      behind.has(layer.id) &&
      layer.position.x >= target.position.x &&
      Math.abs(layer.position.y - target.position.y) < height,
  )
}
