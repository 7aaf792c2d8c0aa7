import { kindOf, resolveLayer } from '../layers/index.ts'
import type { Port, Shape } from '../layers/kind.ts'
import { type Graph, graphOf, type SortedLayers, sortLayers } from '../network/graph.ts'
import type { Issue } from '../network/issue.ts'
import type { Layer, NetworkDocument, Wire } from '../network/schema.ts'
import * as say from './issues.ts'
import { lessonsOf } from './lessons/index.ts'
import { withRemedy } from './lessons/stride.ts'
import { type LayerFigures, measureLayer } from './measure.ts'
import { type Field, fieldOf, mergeFields, sizeOf, startField, strideOf } from './receptive.ts'
import type { Analysis, LayerReport, Totals } from './report.ts'

const NOTHING = { trainable: 0, nonTrainable: 0, macs: 0, connections: 0, activationBytes: 0 } as const

interface Node {
  readonly report: LayerReport
  readonly field: Field | null
  /** Weighted layers on the longest path up to and with this one. */
  readonly depth: number
  readonly weighted: boolean
  /** An input layer leads here. */
  readonly fed: boolean
}

const analyses = new WeakMap<NetworkDocument, Analysis>()

/**
 * Counts and checks a network: shapes, parameters, multiply-accumulates, connections, memory and receptive field of
 * every layer, and everything that is wrong with it. Never throws, whatever the document holds; what can't be known
 * is null or 0, with the reason among the issues. A document is analysed once; layers that did not change since the
 * last document are not measured again.
 */
export function analyze(document: NetworkDocument): Analysis {
  const known = analyses.get(document)
  if (known) return known
  const graph = graphOf(document)
  const sorted = sortLayers(document)
  const issues: Issue[] = []
  const nodes = new Map<string, Node>()
  for (const layer of sorted.order) nodes.set(layer.id, analyzeLayer(layer, graph, nodes, issues))
  for (const layer of sorted.cyclic) {
    issues.push(say.cycle(layer, sorted.cyclic))
    nodes.set(layer.id, outside(layer, graph))
  }
  issues.push(...say.wholeNetwork(document, graph))
  const analysis = conclude(document, sorted, graph, nodes, issues)
  analyses.set(document, analysis)
  return analysis
}

function analyzeLayer(layer: Layer, graph: Graph, nodes: ReadonlyMap<string, Node>, issues: Issue[]): Node {
  const wires = graph.incoming.get(layer.id)!
  const resolved = resolveLayer(layer)
  for (const issue of resolved.issues) issues.push({ ...issue, layer: layer.id })
  const { kind } = resolved
  const bad = resolved.issues.some((issue) => issue.severity === 'error')
  if (!kind) return outside(layer, graph)
  const { feeds, problems } = connect(layer, kind.inputs, wires)
  issues.push(...problems)
  const before = feeds.map((wire) => nodes.get(wire.from.layer))
  const shapes = before.map((node) => node?.report.outputShape ?? null)
  const fed = kind.kind === 'input' || before.some((node) => node?.fed)
  if (bad || problems.length > 0 || shapes.some((shape) => shape === null))
    return { ...outside(layer, graph), fed }
  const inputs = shapes as Shape[]
  const wrong = say.wrongRanks(layer, kind, feeds, inputs, graph)
  issues.push(...wrong)
  if (wrong.length > 0) return { ...outside(layer, graph), fed }
  const figures = measureLayer(kind, resolved.params, inputs)
  for (const issue of figures.issues) issues.push({ ...issue, layer: layer.id })
  return finish(layer, feeds, figures, before as Node[], fed)
}

function finish(
  layer: Layer,
  feeds: readonly Wire[],
  figures: LayerFigures,
  before: readonly Node[],
  fed: boolean,
): Node {
  const { outputShape, receptive, weighted } = figures
  const merged = before.length > 0 ? mergeFields(before.map((node) => node.field)) : startField(outputShape)
  const field = outputShape ? fieldOf(merged, receptive, outputShape) : null
  const longest = before.reduce((most, node) => Math.max(most, node.depth), 0)
  const report: LayerReport = {
    id: layer.id,
    name: layer.name,
    kind: layer.kind,
    group: layer.group ?? null,
    inputs: feeds.map((wire) => wire.from.layer),
    outputShape,
    trainable: figures.trainable,
    nonTrainable: figures.nonTrainable,
    macs: figures.macs,
    connections: figures.connections,
    activationBytes: figures.activationBytes,
    receptiveField: field ? sizeOf(field) : null,
    stride: field ? strideOf(field) : null,
  }
  return { report, field, depth: longest + (weighted ? 1 : 0), weighted, fed }
}

/** A layer of which nothing is known but its place. */
function outside(layer: Layer, graph: Graph): Node {
  const report: LayerReport = {
    id: layer.id,
    name: layer.name,
    kind: layer.kind,
    group: layer.group ?? null,
    inputs: graph.incoming.get(layer.id)!.map((wire) => wire.from.layer),
    outputShape: null,
    ...NOTHING,
    receptiveField: null,
    stride: null,
  }
  return { report, field: null, depth: 0, weighted: false, fed: false }
}

/** The wires of a layer in port order, and what is wrong with them. */
function connect(
  layer: Layer,
  ports: readonly Port[],
  wires: readonly Wire[],
): { feeds: readonly Wire[]; problems: readonly Issue[] } {
  const feeds: Wire[] = []
  const problems: Issue[] = []
  for (const port of ports) {
    const here = wires.filter((wire) => wire.to.port === port.name)
    const least = port.variadic ? 2 : 1
    if (here.length < least) problems.push(say.missingInput(layer, port, here.length))
    if (!port.variadic && here.length > 1) problems.push(say.fullPort(layer, here.length))
    feeds.push(...here)
  }
  const stray = wires.find((wire) => !ports.some((port) => port.name === wire.to.port))
  if (stray) problems.push(say.unknownPort(layer, stray, ports))
  return { feeds, problems }
}

function conclude(
  document: NetworkDocument,
  sorted: SortedLayers,
  graph: Graph,
  nodes: ReadonlyMap<string, Node>,
  issues: Issue[],
): Analysis {
  const inputs = sorted.order.filter((layer) => layer.kind === 'input')
  const allEnds = sorted.order.filter(
    (layer) =>
      layer.kind !== 'input' && nodes.get(layer.id)!.fed && graph.outgoing.get(layer.id)!.length === 0,
  )
  const sides = sorted.order.filter((layer) => kindOf(layer.kind)?.auxiliary)
  const ends = allEnds.filter((layer) => !sides.includes(layer))
  issues.push(...say.endsOfNetwork(document, inputs, ends))
  const layers = new Map<string, LayerReport>()
  for (const id of graph.layers.keys()) layers.set(id, nodes.get(id)!.report)
  const main = ends.length === 1 ? layers.get(ends[0]!.id)! : null
  issues.push(...sideIssues(sides, main, layers, graph))
  const analysis = {
    order: sorted.order.map((layer) => layer.id),
    layers,
    input: inputs.length === 1 ? layers.get(inputs[0]!.id)!.outputShape : null,
    output: main?.outputShape ?? null,
    end: main?.id ?? null,
    weighted: new Set([...nodes.values()].filter((node) => node.weighted).map((node) => node.report.id)),
    totals: totalsOf([...nodes.values()]),
  }
  const problems = issues.filter((issue) => !readElsewhere(issue, issues, graph))
  return {
    ...analysis,
    issues: [
      ...problems.map((issue) => withRemedy(issue, analysis, graph)),
      ...lessonsOf({ document, graph, ...analysis }),
    ],
  }
}

/** A shortcut may step over places that the branch beside it reads: then nothing is lost. */
function readElsewhere(issue: Issue, issues: readonly Issue[], graph: Graph): boolean {
  if (issue.code !== 'stride-leaves-rest' || issue.layer === undefined) return false
  const source = graph.incoming.get(issue.layer)?.[0]?.from.layer
  if (source === undefined) return false
  const skips = (id: string) => issues.some((other) => other.code === issue.code && other.layer === id)
  return graph.outgoing.get(source)!.some((wire) => !skips(wire.to.layer))
}

/** What keeps auxiliary outputs from being scored like the network's own, `main`, where there is one. */
function sideIssues(
  sides: readonly Layer[],
  main: LayerReport | null,
  layers: ReadonlyMap<string, LayerReport>,
  graph: Graph,
): Issue[] {
  return sides.flatMap((side) => {
    if (graph.outgoing.get(side.id)!.length > 0) return [say.auxiliaryGoesOn(side)]
    const [own, wanted] = [layers.get(side.id)!.outputShape, main?.outputShape]
    if (!main || !own || !wanted || own.join() === wanted.join()) return []
    return [say.auxiliaryWidth(side, own, main.name, wanted)]
  })
}

function totalsOf(nodes: readonly Node[]): Totals {
  const sum = { ...NOTHING } as { -readonly [K in keyof typeof NOTHING]: number }
  let depth = 0
  let widest: readonly number[] | null = null
  for (const { report, depth: upTo } of nodes) {
    for (const key of Object.keys(NOTHING) as (keyof typeof NOTHING)[]) sum[key] += report[key]
    depth = Math.max(depth, upTo)
    const field: readonly number[] | null = report.receptiveField
    if (field && (!widest || widest.length === field.length))
      widest = field.map((size, i) => Math.max(size, widest?.[i] ?? 0))
  }
  return { ...sum, depth, receptiveField: widest }
}
