import { graphlib, layout } from '@dagrejs/dagre'
import type { NetworkDocument } from '../network/schema.ts'
import { text } from '../network/text.ts'
import type { Command } from './command.ts'

interface Size {
  readonly width: number
  readonly height: number
}
export interface Arrange {
  /** Ids of the layers to place; the others stay where they are. */
  readonly layers: readonly string[]
  /** Drawn size of each, in canvas pixels. */
  readonly sizes: Readonly<Record<string, Size>>
  /** Rows are wrapped at about this width, in canvas pixels. */
  readonly rowWidth: number
}

/** Room between columns: a wire's shape label needs 68 pixels. */
const COLUMN_GAP = 72
const LANE_GAP = 20
/** Room between wrapped rows: the wire back runs in it. */
const ROW_GAP = 64
/** Ports stand on the header's middle line, this far below the upper edge. */
const PORT_LINE = 13

/**
 * Places layers from left to right in the order data flows, in columns; long networks wrap into rows, broken only
 * where a single connection crosses. The upper left corner of the whole stays where it was.
 */
export const arrange: Command<Arrange> = {
  id: 'arrange',
  label: text('Arrange', '자동 정렬'),
  edit(draft, args) {
    const wanted = new Set(args.layers)
    const layers = draft.layers.filter((layer) => wanted.has(layer.id))
    if (layers.length === 0) return undefined
    const left = Math.min(...layers.map((layer) => layer.position.x))
    const top = Math.min(...layers.map((layer) => layer.position.y))
    const places = placesOf(draft, args)
    for (const layer of layers) {
      const place = places.get(layer.id)!
      layer.position.x = Math.round(left + place.x)
      layer.position.y = Math.round(top + place.y)
    }
    return undefined
  },
}

interface Place {
  x: number
  y: number
}

function placesOf(document: NetworkDocument, { layers, sizes, rowWidth }: Arrange): Map<string, Place> {
  const graph = new graphlib.Graph({ multigraph: false })
  graph.setGraph({ rankdir: 'LR', ranksep: COLUMN_GAP, nodesep: LANE_GAP, ranker: 'longest-path' })
  graph.setDefaultEdgeLabel(() => ({}))
  const inside = new Set(layers)
  const size = (id: string) => sizes[id] ?? { width: 140, height: 60 }
  // dagre aligns centres; boxes that reach as far above the port line as below put the centre on that line
  for (const id of layers)
    graph.setNode(id, { width: size(id).width, height: 2 * (size(id).height - PORT_LINE) })
  for (const wire of document.wires)
    if (inside.has(wire.from.layer) && inside.has(wire.to.layer))
      graph.setEdge(wire.from.layer, wire.to.layer)
  layout(graph)
  const columns = columnsOf(layers, (id) => graph.node(id) as Place)
  return wrap(columns, document, size, rowWidth)
}

/** Layers of one column share their centre; columns from left to right, lanes keep dagre's order. */
function columnsOf(layers: readonly string[], centre: (id: string) => Place) {
  const columns = new Map<number, { id: string; y: number }[]>()
  for (const id of layers) {
    const { x, y } = centre(id)
    const key = Math.round(x)
    const column = columns.get(key)
    if (column) column.push({ id, y })
    else columns.set(key, [{ id, y }])
  }
  return [...columns.entries()].sort(([a], [b]) => a - b).map(([, column]) => column)
}

function wrap(
  columns: readonly (readonly { id: string; y: number }[])[],
  document: NetworkDocument,
  size: (id: string) => Size,
  rowWidth: number,
): Map<string, Place> {
  const places = new Map<string, Place>()
  const breakable = breaks(columns, document)
  let row: string[] = []
  let x = 0
  let y = 0
  const endRow = () => {
    const least = Math.min(...row.map((id) => places.get(id)!.y))
    for (const id of row) places.get(id)!.y += y - least
    y = Math.max(...row.map((id) => places.get(id)!.y + size(id).height)) + ROW_GAP
    row = []
    x = 0
  }
  columns.forEach((column, index) => {
    const width = Math.max(...column.map(({ id }) => size(id).width))
    if (row.length > 0 && x + width > rowWidth && breakable[index]) endRow()
    for (const { id, y: centre } of column) {
      places.set(id, { x: x + (width - size(id).width) / 2, y: centre - PORT_LINE })
      row.push(id)
    }
    x += width + COLUMN_GAP
  })
  endRow()
  return places
}

/** Whether at most one layer's output crosses from before column i to it or beyond. */
function breaks(columns: readonly (readonly { id: string }[])[], document: NetworkDocument): boolean[] {
  const at = new Map<string, number>()
  columns.forEach((column, index) => {
    for (const { id } of column) at.set(id, index)
  })
  const crossing = columns.map(() => new Set<string>())
  for (const wire of document.wires) {
    const from = at.get(wire.from.layer)
    const to = at.get(wire.to.layer)
    if (from === undefined || to === undefined) continue
    for (let i = from + 1; i <= to; i++) crossing[i]!.add(`${wire.from.layer}>${wire.to.layer}`)
  }
  return crossing.map((wires) => wires.size <= 1)
}
