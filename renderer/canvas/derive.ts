import type { Edge, Node } from '@xyflow/react'
import { Position } from '@xyflow/react'
import type { Analysis, LayerReport } from '../../core/analysis/report.ts'
import type { Shape } from '../../core/layers/kind.ts'
import { OUTPUT_PORT } from '../../core/network/document.ts'
import type { Issue } from '../../core/network/issue.ts'
import type { Layer, NetworkDocument, Wire } from '../../core/network/schema.ts'
import { groupBy } from '../app/groupBy.ts'
import type { Point } from '../state/view.ts'
import { type Box, type Route, routeWire } from './route.ts'
import { type Anatomy, anatomyOf, PORT_LINE } from './size.ts'

export interface InPort {
  readonly name: string
  readonly variadic: boolean
}

export type LayerData = {
  readonly layer: Layer
  readonly anatomy: Anatomy
  readonly inputs: readonly InPort[]
  readonly outputShape: Shape | null
  readonly trainable: number
  readonly issues: readonly Issue[]
}
export type LayerNode = Node<LayerData, 'layer'>

export type WireData = {
  readonly shape: Shape | null
  /** The shape differs from the one that flowed into the source. */
  readonly changed: boolean
  readonly route: Route
  /** Its source or the layer after it has an error, so nothing is known to flow. */
  readonly broken: boolean
  readonly dropping: boolean
}
export type WireEdge = Edge<WireData, 'wire'>

export interface Scene {
  readonly nodes: LayerNode[]
  readonly edges: WireEdge[]
}

export interface SceneInput {
  readonly document: NetworkDocument
  readonly analysis: Analysis
  readonly selection: readonly string[]
  readonly selectedWires: readonly string[]
  readonly dragging: Readonly<Record<string, Point>> | null
  readonly dropWire: string | null
  /** What assistive technology says of a layer, in the window's language. */
  describe(data: LayerData): string
}

const NONE: readonly Issue[] = []
/** Wires shorter than this have nothing between their ends. */
const NEIGHBOURS = 130

/**
 * Makes React Flow's nodes and edges from the document. Keeps what did not change since the last call, so that one
 * edit redraws one node: call the function it gives for every new state.
 */
export function createDeriver(): (input: SceneInput) => Scene {
  let nodes = new Map<string, LayerNode>()
  let edges = new Map<string, WireEdge>()
  return (input) => {
    const nextNodes = nodesOf(input, nodes)
    const nextEdges = edgesOf(input, edges)
    nodes = nextNodes
    edges = nextEdges
    return { nodes: [...nodes.values()], edges: [...edges.values()] }
  }
}

/** In the order data flows, so that Tab walks the network from its input to its output. */
function inFlowOrder({ document, analysis }: SceneInput): Layer[] {
  const rank = new Map(analysis.order.map((id, index) => [id, index]))
  const of = (layer: Layer) => rank.get(layer.id) ?? Number.MAX_SAFE_INTEGER
  return [...document.layers].sort((a, b) => of(a) - of(b))
}

function nodesOf(input: SceneInput, before: ReadonlyMap<string, LayerNode>): Map<string, LayerNode> {
  const { document, analysis, dragging } = input
  const issues = groupBy(analysis.issues, (issue) => issue.layer)
  const selected = new Set(input.selection)
  const nodes = new Map<string, LayerNode>()
  for (const layer of inFlowOrder(input)) {
    const data = dataOf(layer, document, analysis.layers.get(layer.id), issues.get(layer.id) ?? NONE)
    const position = dragging?.[layer.id] ?? layer.position
    const next = nodeOf(data, position, selected.has(layer.id), input.describe(data))
    const old = before.get(layer.id)
    nodes.set(layer.id, old && sameNode(old, next) ? old : keepData(old, next))
  }
  return nodes
}

const keepData = (old: LayerNode | undefined, next: LayerNode): LayerNode =>
  old && sameData(old.data, next.data) ? { ...next, data: old.data } : next

function dataOf(
  layer: Layer,
  document: NetworkDocument,
  report: LayerReport | undefined,
  issues: readonly Issue[],
): LayerData {
  const anatomy = anatomyOf(layer)
  return {
    layer,
    anatomy,
    inputs: portsOf(layer, anatomy, document),
    outputShape: report?.outputShape ?? null,
    trainable: report?.trainable ?? 0,
    issues: issues.filter((issue) => issue.severity !== 'info'),
  }
}

/** Of a kind that isn't known, the ports that wires lead to. */
function portsOf(layer: Layer, { kind }: Anatomy, document: NetworkDocument): readonly InPort[] {
  if (kind) return kind.inputs.map((port) => ({ name: port.name, variadic: port.variadic === true }))
  const names = document.wires.filter((wire) => wire.to.layer === layer.id).map((wire) => wire.to.port)
  return [...new Set(names)].map((name) => ({ name, variadic: true }))
}

function nodeOf(data: LayerData, position: Point, selected: boolean, ariaLabel: string): LayerNode {
  const { width, height } = data.anatomy
  const port = { width: 9, height: 9, y: PORT_LINE - 4.5 }
  return {
    id: data.layer.id,
    type: 'layer',
    position,
    selected,
    data,
    ariaLabel,
    width,
    height,
    handles: [
      ...data.inputs.map((p) => ({
        ...port,
        id: p.name,
        type: 'target' as const,
        position: Position.Left,
        x: -4.5,
      })),
      { ...port, id: OUTPUT_PORT, type: 'source' as const, position: Position.Right, x: width - 4.5 },
    ],
  }
}

const sameNode = (a: LayerNode, b: LayerNode) =>
  a.selected === b.selected &&
  a.ariaLabel === b.ariaLabel &&
  a.position.x === b.position.x &&
  a.position.y === b.position.y &&
  sameData(a.data, b.data)

const sameData = (a: LayerData, b: LayerData) =>
  a.anatomy === b.anatomy &&
  a.layer.name === b.layer.name &&
  a.trainable === b.trainable &&
  sameShape(a.outputShape, b.outputShape) &&
  a.inputs.length === b.inputs.length &&
  a.issues.length === b.issues.length &&
  a.issues.every((issue, i) => issue.message.en === b.issues[i]!.message.en)

const sameShape = (a: Shape | null, b: Shape | null) =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((n, i) => n === b[i]))

function edgesOf(input: SceneInput, before: ReadonlyMap<string, WireEdge>): Map<string, WireEdge> {
  const { document, analysis, dragging } = input
  const layers = new Map(document.layers.map((layer) => [layer.id, layer]))
  const selected = new Set(input.selectedWires)
  const place = (id: string): Box => {
    const layer = layers.get(id)!
    return { ...(dragging?.[id] ?? layer.position), ...sizeOf(layer) }
  }
  const boxes = document.layers.map((layer) => ({ id: layer.id, box: place(layer.id) }))
  const edges = new Map<string, WireEdge>()
  for (const wire of document.wires) {
    if (!layers.has(wire.from.layer) || !layers.has(wire.to.layer)) continue
    const source = place(wire.from.layer)
    const target = place(wire.to.layer)
    const from = { x: source.x + source.width + 4, y: source.y + PORT_LINE }
    const to = { x: target.x - 4, y: target.y + PORT_LINE }
    const far = to.x - from.x > NEIGHBOURS
    const between = far
      ? boxes.filter(({ id }) => id !== wire.from.layer && id !== wire.to.layer).map(({ box }) => box)
      : []
    const data = {
      ...flowOf(wire, analysis),
      route: routeWire(from, to, between),
      dropping: input.dropWire === wire.id,
    }
    const next = edgeOf(wire, data, selected.has(wire.id))
    const old = before.get(wire.id)
    edges.set(wire.id, old && sameEdge(old, next) ? old : next)
  }
  return edges
}

const sizeOf = (layer: Layer) => {
  const { width, height } = anatomyOf(layer)
  return { width, height }
}

function flowOf(wire: Wire, analysis: Analysis): Pick<WireData, 'shape' | 'changed' | 'broken'> {
  const report = analysis.layers.get(wire.from.layer)
  const shape = report?.outputShape ?? null
  const incoming = report?.inputs.map((id) => analysis.layers.get(id)?.outputShape ?? null) ?? []
  const changed = !incoming.some((input) => sameShape(input, shape))
  return { shape, changed, broken: shape === null }
}

const edgeOf = (wire: Wire, data: WireData, selected: boolean): WireEdge => ({
  id: wire.id,
  type: 'wire',
  source: wire.from.layer,
  sourceHandle: wire.from.port,
  target: wire.to.layer,
  targetHandle: wire.to.port,
  selected,
  data,
})

const sameEdge = (a: WireEdge, b: WireEdge) =>
  a.selected === b.selected &&
  a.source === b.source &&
  a.target === b.target &&
  a.data!.route.path === b.data!.route.path &&
  a.data!.dropping === b.data!.dropping &&
  a.data!.changed === b.data!.changed &&
  a.data!.broken === b.data!.broken &&
  sameShape(a.data!.shape, b.data!.shape)
