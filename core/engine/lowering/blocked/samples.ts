import { roundUp } from './forms.ts'
import type { BlockedGraph } from './graph.ts'

/** Samples of zeros behind the n of a batch, each of `size` values, up to a multiple. */
export function fillSamples(
  g: BlockedGraph,
  maps: string,
  { n, size, multiple }: { readonly n: number; readonly size: number; readonly multiple: number },
): string {
  const more = roundUp(n, multiple) - n
  if (more === 0) return maps
  return g.op('Pad', [g.view(maps, [n, size]), g.ints([0, 0, more, 0])])
}

/** Sums what the groups of samples gave: [outer, groups, inner]. */
export function overGroups(
  g: BlockedGraph,
  sums: string,
  outer: number,
  groups: number,
  inner: number,
): string {
  if (groups === 1) return sums
  return g.op('ReduceSum', [g.view(sums, [outer, groups, inner]), g.ints([1])], { keepdims: 0 })
}

/** Filters [groups, blocks, bands, ...] with bands before blocks. */
export function bandsFirst(
  g: BlockedGraph,
  filters: string,
  {
    groups,
    blocks,
    bands,
    places,
  }: {
    readonly groups: number
    readonly blocks: number
    readonly bands: number
    readonly places: number
  },
): string {
  if (bands === 1 || blocks === 1) return filters
  const order = Array.from({ length: groups * bands * blocks }, (_, i) => {
    const [group, band] = [Math.floor(i / (bands * blocks)), Math.floor(i / blocks) % bands]
    return (group * blocks + (i % blocks)) * bands + band
  })
  return g.shared(`${bands} bands of ${filters}`, () => {
    const pieces = g.view(filters, [order.length, (places / bands) * g.block * g.block])
    return g.op('Gather', [pieces, g.ints(order)], { axis: 0 })
  })
}

/** [n, blocks, ...] to [blocks, n / b, ..., b of n]: samples become the blocked axis. */
export function sampleBlocks(
  g: BlockedGraph,
  maps: string,
  n: number,
  { blocks, size }: { blocks: number; size: number },
): string {
  const groups = roundUp(n, g.block) / g.block
  const source = g.blockedOp('ReorderInput', [g.view(maps, [1, roundUp(n, 4), 1, blocks * size])])
  if (blocks === 1 || groups === 1) return source
  // Gather runs on all threads, Transpose on one
  const order = Array.from(
    { length: blocks * groups },
    (_, i) => (i % groups) * blocks + Math.floor(i / groups),
  )
  return g.op('Gather', [g.view(source, [groups * blocks, size * g.block]), g.ints(order)], { axis: 0 })
}

/** Maps of n samples, each of `size` values in blocks, as filters over samples: [n / b, size / b, b of n, b]. */
export function sampleFilters(g: BlockedGraph, maps: string, n: number, size: number): string {
  const filled = fillSamples(g, maps, { n, size, multiple: g.block })
  const groups = roundUp(n, g.block) / g.block
  return g.blockedOp('ReorderInput', [g.view(filled, [groups, 1, g.block, size])], { channels_last: 1 })
}
