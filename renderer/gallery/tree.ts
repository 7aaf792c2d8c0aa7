import { kin, lanes, type Relation, relations } from './lineage.ts'

/** Width of a model's drawing on a tree so wide, in pixels. */
export const drawingWidth = (width: number): number => (width > 1600 ? 60 : 38)
const LANES = 128
const EDGE = 12
/** Width of a year's column by what stands in it. */
const SHARES: readonly (readonly [year: number, share: number])[] = [
  [1998, 0.95],
  [2012, 0.95],
  [2013, 0.9],
  [2014, 1.1],
  [2015, 1.4],
  [2016, 2],
  [2017, 0.75],
]

export interface Spot {
  readonly id: string
  /** Left end of its drawing, and its middle line. */
  readonly x: number
  readonly y: number
}
export interface Tree {
  readonly columns: readonly { readonly year: number; readonly x: number }[]
  /** Middle line of each lane. */
  readonly rows: readonly number[]
  readonly spots: ReadonlyMap<string, Spot>
  readonly links: readonly { readonly relation: Relation; readonly path: string }[]
}

/** Places the models by year and idea in a box, below a line of years that is `head` high. */
export function layTree(width: number, height: number, head: number): Tree {
  const sum = SHARES.reduce((all, [, share]) => all + share, 0)
  const unit = (width - LANES - EDGE) / sum
  let left = LANES
  const columns = SHARES.map(([year, share]) => {
    const column = { year, x: left, width: share * unit }
    left += share * unit
    return column
  })
  // some room above the first lane, where a link passes over a model
  const row = (height - head - 12) / lanes.length
  const rows = lanes.map((_, lane) => head + 11 + row * (lane + 0.5))
  const spots = new Map(
    kin.map(({ id, year, lane, at }) => {
      const column = columns.find((one) => one.year === year)!
      return [id, { id, x: column.x + 10 + at * column.width, y: rows[lane]! }]
    }),
  )
  return {
    columns,
    rows,
    spots,
    links: relations.map((relation) => ({
      relation,
      path: pathOf(relation, spots, row, drawingWidth(width) / 2),
    })),
  }
}

/** From the foot of one model to the left of another; over those between them on the same line. */
function pathOf(
  { from, to }: Relation,
  spots: ReadonlyMap<string, Spot>,
  row: number,
  middle: number,
): string {
  const [a, b] = [spots.get(from)!, spots.get(to)!]
  const start = a.x + middle
  const end = b.x - 3
  const between = [...spots.values()].some((spot) => spot.y === b.y && spot.x < b.x && spot.x > a.x)
  const aside = row / 2
  const n = (value: number) => value.toFixed(1)
  if (a.y === b.y && !between) return `M${n(start)} ${n(a.y)}H${n(end)}`
  if (a.y === b.y) {
    const over = a.y - aside
    return `M${n(start)} ${n(a.y)}Q${n(start)} ${n(over)} ${n(start + 14)} ${n(over)}H${n(end - 22)}Q${n(end - 8)} ${n(over)} ${n(end)} ${n(b.y - 4)}`
  }
  const bend = Math.min(26, (end - start) / 2)
  if (!between)
    return `M${n(start)} ${n(a.y)}V${n(b.y - bend)}Q${n(start)} ${n(b.y)} ${n(start + bend)} ${n(b.y)}H${n(end)}`
  const under = b.y - aside
  return `M${n(start)} ${n(a.y)}V${n(under - bend)}Q${n(start)} ${n(under)} ${n(start + bend)} ${n(under)}H${n(end - 22)}Q${n(end - 8)} ${n(under)} ${n(end)} ${n(b.y - 4)}`
}
