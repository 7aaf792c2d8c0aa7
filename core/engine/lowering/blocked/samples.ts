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
