import type { Layer, Wire } from './schema.ts'

/** Nodes are 140 wide, and the shape on a wire needs 68 to be read. */
const COLUMN = 140 + 72
/** Room for the tallest node. */
const LANE = 200
/** Room for the wire that runs back to the next row. */
const ROW_GAP = 40
const FEWEST_COLUMNS = 5
/** What a break costs for each layer that feeds across it, and for each connection. */
const [LAYER, WIRE] = [1000, 1]
/** Width by height of the whole, about that of a window. */
const ASPECT = 1.6

/**
 * Places the layers of a network from left to right: columns by distance from the input, branches on lanes below one
 * another, rows wrapped where the fewest connections cross. A connection that skips layers keeps its lane free, so
 * that shortcuts run straight. `layers` stand behind those that feed them.
 */
export function arrange(layers: readonly Layer[], wires: readonly Wire[]): Layer[] {
  const columns = columnsOf(layers, wires)
  const lanes = lanesOf(layers, columns)
  const rows = rowsOf(columns, lanes)
  return layers.map((layer) => {
    const { column } = columns.get(layer.id)!
    const row = rows[column]!
    return {
      ...layer,
      position: { x: (column - row.first) * COLUMN, y: row.top + lanes.get(layer.id)! * LANE },
    }
  })
}

interface Place {
  readonly column: number
  readonly sources: readonly string[]
  /** Column of the farthest layer that it feeds. */
  last: number
}

function columnsOf(layers: readonly Layer[], wires: readonly Wire[]): Map<string, Place> {
  const feeds = new Map<string, string[]>()
  for (const { from, to } of wires) feeds.set(to.layer, [...(feeds.get(to.layer) ?? []), from.layer])
  const places = new Map<string, Place>()
  for (const { id } of layers) {
    const sources = feeds.get(id) ?? []
    const column = sources.reduce((most, source) => Math.max(most, places.get(source)!.column + 1), 0)
    for (const source of sources) {
      const place = places.get(source)!
      place.last = Math.max(place.last, column)
    }
    places.set(id, { column, sources, last: column })
  }
  return places
}

function lanesOf(layers: readonly Layer[], columns: ReadonlyMap<string, Place>): Map<string, number> {
  const lanes = new Map<string, number>()
  const taken: Set<number>[] = []
  for (const { id } of layers) {
    const { column, sources, last } = columns.get(id)!
    let lane = sources.length === 0 ? 0 : Math.min(...sources.map((source) => lanes.get(source)!))
    while (taken[lane]?.has(column)) lane++
    while (taken.length <= lane) taken.push(new Set())
    lanes.set(id, lane)
    for (let at = column; at < Math.max(last, column + 1); at++) taken[lane]!.add(at)
  }
  return lanes
}

interface Row {
  /** Its first column. */
  readonly first: number
  readonly top: number
}

/** The row of every column. */
function rowsOf(columns: ReadonlyMap<string, Place>, lanes: ReadonlyMap<string, number>): Row[] {
  const heights: number[] = []
  const crossing: number[] = []
  for (const [id, { column, sources, last }] of columns) {
    heights[column] = Math.max(heights[column] ?? 1, lanes.get(id)! + 1)
    for (let at = column + 1; at <= last; at++) crossing[at] = (crossing[at] ?? 0) + LAYER
    for (const source of sources)
      for (let at = columns.get(source)!.column + 1; at <= column; at++) crossing[at]! += WIRE
  }
  const area = heights.reduce((sum, height) => sum + height * LANE + ROW_GAP, 0)
  const most = Math.max(FEWEST_COLUMNS, Math.round(Math.sqrt((area * ASPECT) / COLUMN)))
  const rows: Row[] = []
  let top = 0
  for (let first = 0; first < heights.length; ) {
    const end = first + most >= heights.length ? heights.length : breakAfter(first, most, crossing)
    for (let column = first; column < end; column++) rows[column] = { first, top }
    top += Math.max(...heights.slice(first, end)) * LANE + ROW_GAP
    first = end
  }
  return rows
}

/** The first column of the next row: where the fewest layers feed across, over the fewest connections, the farther the better. */
function breakAfter(first: number, most: number, crossing: readonly number[]): number {
  let best = first + most
  for (let at = best - 1; at > first + most * 0.6; at--) if (crossing[at]! < crossing[best]!) best = at
  return best
}
