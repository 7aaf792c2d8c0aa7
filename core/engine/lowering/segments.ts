import type { GraphProto, NodeProto, TensorProto } from '../../formats/onnx/proto.ts'

/** A part of a graph that is a graph of its own: what it takes from outside, and what others take from it. */
export interface Segment {
  readonly nodes: readonly NodeProto[]
  readonly initializers: readonly TensorProto[]
  /** Values made outside: inputs of the whole graph and outputs of segments before. */
  readonly inputs: readonly string[]
  /** Values that later segments read, and outputs of the whole graph. */
  readonly outputs: readonly string[]
}

/** Operators whose result is a part of a weight, or a weight under another shape: cheaper made again than handed on. */
const VIEWS: ReadonlySet<string> = new Set(['Slice', 'Reshape'])

/** Operators that tell true from false, which not every device hands on from session to session. */
const BOOLEAN: ReadonlySet<string> = new Set(['Equal', 'Greater', 'Less'])

/** A segment has at least this share of the nodes it may have, so that its end can be chosen. */
const FILLED = 0.7

/**
 * Cuts a graph, whose nodes stand in the order they run in, into segments of at most `limit` nodes, not counting views
 * of the graph's inputs, which every segment makes for itself. A segment ends where the fewest values cross.
 */
export function cutGraph(graph: GraphProto, limit: number): Segment[] {
  const outputs = new Set(graph.output.map(({ name }) => name))
  const views = viewsOf(graph, outputs)
  const body = graph.node.filter((node) => !views.has(node.output[0]!))
  const made = new Map(body.flatMap((node, at) => node.output.map((name) => [name, at] as const)))
  const lastRead = lastReads(body, made)
  const ends = endsOf(crossings(body, made, lastRead), limit)
  const initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]))
  return ends.map((end, i) => {
    const begin = ends[i - 1] ?? 0
    const own = body.slice(begin, end)
    const nodes = [...viewsFor(own, views), ...own]
    const inside = new Set(nodes.flatMap((node) => node.output))
    const read = new Set(nodes.flatMap((node) => node.input))
    const outside = [...read].filter((name) => name !== '' && !inside.has(name))
    return {
      nodes,
      initializers: outside.flatMap((name) => initializers.get(name) ?? []),
      inputs: outside.filter((name) => !initializers.has(name)),
      outputs: own
        .flatMap((node) => node.output)
        .filter((name) => outputs.has(name) || (lastRead.get(name) ?? -1) >= end),
    }
  })
}

/** Nodes that only look at the graph's inputs, by their output. */
function viewsOf(graph: GraphProto, outputs: ReadonlySet<string>): Map<string, NodeProto> {
  const views = new Map<string, NodeProto>()
  const inputs = new Set(graph.input.map(({ name }) => name))
  for (const node of graph.node) {
    const [source] = node.input
    const result = node.output[0]!
    if (VIEWS.has(node.opType) && !outputs.has(result) && (inputs.has(source!) || views.has(source!))) {
      views.set(result, node)
    }
  }
  return views
}

/** The views that nodes read, directly or through other views, in the order they can be made in. */
function viewsFor(nodes: readonly NodeProto[], views: ReadonlyMap<string, NodeProto>): NodeProto[] {
  const found = new Set<NodeProto>()
  const add = (name: string): void => {
    const view = views.get(name)
    if (!view || found.has(view)) return
    add(view.input[0]!)
    found.add(view)
  }
  for (const node of nodes) for (const name of node.input) add(name)
  return [...found]
}

/** Index of the last node that reads each value that a node makes. */
function lastReads(body: readonly NodeProto[], made: ReadonlyMap<string, number>): Map<string, number> {
  const last = new Map<string, number>()
  for (const [at, node] of body.entries()) {
    for (const name of node.input) if (made.has(name)) last.set(name, at)
  }
  return last
}

/** For each place between nodes, how many values are made before and read behind it; many where one may not cross. */
function crossings(
  body: readonly NodeProto[],
  made: ReadonlyMap<string, number>,
  lastRead: ReadonlyMap<string, number>,
): number[] {
  const changes = new Array<number>(body.length + 1).fill(0)
  for (const [name, last] of lastRead) {
    const from = made.get(name)!
    const cost = BOOLEAN.has(body[from]!.opType) ? body.length : 1
    changes[from + 1]! += cost
    changes[last + 1]! -= cost
  }
  let live = 0
  return changes.map((change) => {
    live += change
    return live
  })
}

/** Where segments end. */
function endsOf(crossing: readonly number[], limit: number): number[] {
  const count = crossing.length - 1
  const ends: number[] = []
  let begin = 0
  while (count - begin > limit) {
    const first = begin + Math.max(1, Math.ceil(limit * FILLED))
    let best = begin + limit
    for (let end = best; end >= first; end--) if (crossing[end]! < crossing[best]!) best = end
    ends.push(best)
    begin = best
  }
  return [...ends, count]
}
