import type { Shape } from '../layers/kind.ts'
import { blocksOf } from '../network/blocks.ts'
import type { Flow } from './flows.ts'
import { boundsOf, type Placement } from './placement.ts'
import type { Box } from './route.ts'

const GATE = { width: 116, height: 26 }
const GATE_GAP = 76

type Side = 'in' | 'out'

/** Where a wire leaves what is shown. */
export interface Gate {
  readonly id: string
  /** How the canvas and figures tell of it. */
  readonly data: {
    readonly side: Side
    /** The layer that it leads from, or all that it leads to. */
    readonly names: readonly string[]
    readonly shape: Shape | null
  }
  readonly box: Box
}

/** The ends of wires that lead into the shown block or out of it, beside what they are connected to. */
export function gatesOf(
  flows: readonly Flow[],
  boxes: ReadonlyMap<string, Box>,
  { document, scope }: Placement,
): Gate[] {
  if (scope === null || boxes.size === 0) return []
  const { layers } = blocksOf(document)
  const nameOf = (id: string) => layers.get(id)?.name ?? ''
  const ends = new Map<string, { side: Side; inner: Box[]; shape: Flow['shape'] }>()
  for (const { source, target, shape } of flows) {
    const side = source.startsWith('in:') ? 'in' : target.startsWith('out:') ? 'out' : null
    const inner = side && boxes.get(side === 'in' ? target : source)
    if (!inner) continue
    const id = side === 'in' ? source : target
    const known = ends.get(id)
    if (known) known.inner.push(inner)
    else ends.set(id, { side, inner: [inner], shape })
  }
  const taken = new Map<Side, number>()
  return [...ends].map(([id, { side, inner, shape }]) => {
    const { x, y } = besideOf(inner, side, boxes)
    const free = Math.max(y, taken.get(side) ?? Number.NEGATIVE_INFINITY)
    taken.set(side, free + GATE.height + 12)
    const name = side === 'in' ? nameOf(id.slice(3)) : readersOf(document, id.slice(4)).map(nameOf)
    return { id, data: { side, names: [name].flat(), shape }, box: { x, y: free, ...GATE } }
  })
}

/**
 * Where a gate stands: in the row of what it is connected to, or halfway between several rows; further out than all of
 * them, and than everything that is drawn where something else stands in its row.
 */
function besideOf(inner: readonly Box[], side: Side, boxes: ReadonlyMap<string, Box>) {
  const tops = inner.map((box) => box.y)
  const y = (Math.min(...tops) + Math.max(...tops)) / 2
  const near = boundsOf(inner)
  const further = [...boxes.values()].some((box) => {
    const sameRow = box.y < near.y + near.height && near.y < box.y + box.height
    return sameRow && (side === 'in' ? box.x < near.x : box.x + box.width > near.x + near.width)
  })
  const edge = further ? boundsOf(boxes.values()) : near
  return { x: side === 'in' ? edge.x - GATE_GAP - GATE.width : edge.x + edge.width + GATE_GAP, y }
}

const readersOf = (document: Placement['document'], layer: string) =>
  document.wires.filter((wire) => wire.from.layer === layer).map((wire) => wire.to.layer)
