import type { Edge, Node } from '@xyflow/react'
import { Position } from '@xyflow/react'
import type { Analysis, LayerReport } from '../../core/analysis/report.ts'
import type { Shape } from '../../core/layers/kind.ts'
import { OUTPUT_PORT } from '../../core/network/document.ts'
import { graphOf } from '../../core/network/graph.ts'
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

interface Ends {
  readonly from: Point
  readonly to: Point
}

export type WireData = {
  readonly shape: Shape | null
  /** The shape differs from the one that flowed into the source. */
  readonly changed: boolean
  readonly ends: Ends
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
 * edit redraws one node and a drag costs no more than what is dragged: call the function it gives for every new state.
 */
export function createDeriver(): (input: SceneInput) => Scene {
  let facts: Facts | null = null
  let nodes = new Map<string, LayerNode>()
  let edges = new Map<string, WireEdge>()
  let routed: NetworkDocument | null = null
  return (input) => {
    const known = facts?.document === input.document && facts.describe === input.describe
    facts = known ? facts! : factsOf(input, facts)
    nodes = nodesOf(input, facts, nodes)
    edges = edgesOf(input, facts, edges, routed === input.document)
    routed = input.document
    return { nodes: [...nodes.values()], edges: [...edges.values()] }
  }
}

/** What is drawn of a document wherever its layers stand. */
interface Facts {
  readonly document: NetworkDocument
  readonly describe: SceneInput['describe']
  /** In the order data flows, so that Tab walks the network from its input to its output. */
  readonly layers: ReadonlyMap<string, { readonly data: LayerData; readonly label: string }>
  readonly flows: ReadonlyMap<string, Pick<WireData, 'shape' | 'changed' | 'broken'>>
}

function factsOf({ document, analysis, describe }: SceneInput, before: Facts | null): Facts {
  const rank = new Map(analysis.order.map((id, index) => [id, index]))
  const rankOf = (layer: Layer) => rank.get(layer.id) ?? Number.MAX_SAFE_INTEGER
  const issues = groupBy(analysis.issues, (issue) => issue.layer)
  const layers = new Map<string, { data: LayerData; label: string }>()
  for (const layer of [...document.layers].sort((a, b) => rankOf(a) - rankOf(b))) {
    const next = dataOf(layer, document, analysis.layers.get(layer.id), issues.get(layer.id) ?? NONE)
    const old = before?.layers.get(layer.id)
    const same = old !== undefined && sameData(old.data, next)
    const data = same ? old.data : next
    layers.set(layer.id, same && before?.describe === describe ? old : { data, label: describe(data) })
  }
  return {
    document,
    describe,
    layers,
    flows: new Map(document.wires.map((w) => [w.id, flowOf(w, analysis)])),
  }
}

function nodesOf(
  { document, dragging, selection }: SceneInput,
  { layers }: Facts,
  before: ReadonlyMap<string, LayerNode>,
): Map<string, LayerNode> {
  const selected = new Set(selection)
  const { layers: placed } = graphOf(document)
  const nodes = new Map<string, LayerNode>()
  for (const [id, { data, label }] of layers) {
    const position = dragging?.[id] ?? placed.get(id)!.position
    const old = before.get(id)
    const same = old?.data === data && samePlace(old.position, position) && old.selected === selected.has(id)
    nodes.set(id, same && old.ariaLabel === label ? old : nodeOf(data, position, selected.has(id), label))
  }
  return nodes
}

const samePlace = (a: Point, b: Point) => a.x === b.x && a.y === b.y

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

function edgesOf(
  input: SceneInput,
  { flows }: Facts,
  before: ReadonlyMap<string, WireEdge>,
  sameDocument: boolean,
): Map<string, WireEdge> {
  const { document, dragging } = input
  const { layers } = graphOf(document)
  const selected = new Set(input.selectedWires)
  const place = (layer: Layer): Box => ({ ...(dragging?.[layer.id] ?? layer.position), ...sizeOf(layer) })
  let boxes: readonly { id: string; box: Box }[] | undefined
  const between = ({ from, to }: Wire) => {
    boxes ??= document.layers.map((layer) => ({ id: layer.id, box: place(layer) }))
    return boxes.filter(({ id }) => id !== from.layer && id !== to.layer).map(({ box }) => box)
  }
  const edges = new Map<string, WireEdge>()
  for (const wire of document.wires) {
    const source = layers.get(wire.from.layer)
    const target = layers.get(wire.to.layer)
    if (!source || !target) continue
    const old = before.get(wire.id)
    const ends = endsOf(place(source), place(target))
    // what a wire goes around is looked at again only when the drag is over
    const route =
      sameDocument && old && sameEnds(old.data!.ends, ends) ? old.data!.route : routeOf(ends, wire, between)
    const data = { ...flows.get(wire.id)!, route, ends, dropping: input.dropWire === wire.id }
    const next = edgeOf(wire, data, selected.has(wire.id))
    edges.set(wire.id, old && sameEdge(old, next) ? old : next)
  }
  return edges
}

/** Where a wire begins and ends: at the middle of its ports. */
const endsOf = (source: Box, target: Box): Ends => ({
  from: { x: source.x + source.width + 4, y: source.y + PORT_LINE },
  to: { x: target.x - 4, y: target.y + PORT_LINE },
})
const sameEnds = (a: Ends, b: Ends) => samePlace(a.from, b.from) && samePlace(a.to, b.to)
const routeOf = ({ from, to }: Ends, wire: Wire, between: (wire: Wire) => readonly Box[]) =>
  routeWire(from, to, to.x - from.x > NEIGHBOURS ? between(wire) : [])

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
