import { commands } from '../../core/commands/index.ts'
import type { Layer, NetworkDocument } from '../../core/network/schema.ts'
import { downstreamOf } from '../app/walk.ts'
import { useStore } from '../state/store.ts'
import type { Point } from '../state/view.ts'
import { anatomyOf, WIDTH } from './size.ts'

/** Room that a wire's shape needs between two layers. */
const GAP = 64

/** Adds a layer of a kind at a place, into the wire there if any. Gives its id. */
export function putLayer(kind: string, position: Point, wire: string | null): string | undefined {
  const { document } = useStore.getState()
  const others = wire ? roomFor(document.document, wire, position, WIDTH) : {}
  const made = wire ? document.run(commands.insertOnWire, { wire, kind, position, others }) : []
  return (made.length > 0 ? made : document.run(commands.addLayer, { kind, position }))[0]
}

/** Puts a layer that stands already into a wire. */
export function putOnWire(layer: Layer, position: Point, wire: string): void {
  const { document } = useStore.getState()
  const others = roomFor(document.document, wire, position, anatomyOf(layer).width)
  document.run(commands.insertOnWire, { wire, layer: layer.id, position, others })
}

/**
 * Where the layers behind a wire's target go so that a layer of some width fits before it: to the right, as far as is
 * missing. Only those of the same row move.
 */
function roomFor(document: NetworkDocument, wireId: string, at: Point, width: number): Record<string, Point> {
  const wire = document.wires.find((w) => w.id === wireId)
  const target = document.layers.find((layer) => layer.id === wire?.to.layer)
  const source = document.layers.find((layer) => layer.id === wire?.from.layer)
  if (!target || !source || target.position.x < source.position.x) return {}
  const missing = at.x + width + GAP - target.position.x
  if (missing <= 0) return {}
  const behind = downstreamOf(document, [target.id])
  const row = document.layers.filter(
    (layer) =>
      behind.has(layer.id) &&
      layer.position.x >= target.position.x &&
      Math.abs(layer.position.y - target.position.y) < anatomyOf(target).height + 40,
  )
  return Object.fromEntries(
    row.map((layer) => [layer.id, { x: layer.position.x + missing, y: layer.position.y }]),
  )
}
