import { type Node, Position } from '@xyflow/react'
import type { LayerReport } from '../../core/analysis/report.ts'
import { type Flow, flowsOf } from '../../core/drawing/flows.ts'
import { gatesOf } from '../../core/drawing/gates.ts'
import type { Item } from '../../core/drawing/placement.ts'
import type { Box, Route } from '../../core/drawing/route.ts'
import { type Anatomy, anatomyOf, PORT_LINE } from '../../core/drawing/size.ts'
import { blocksOf } from '../../core/network/blocks.ts'
import { bypassedLayers } from '../../core/network/bypassed.ts'
import { OUTPUT_PORT } from '../../core/network/document.ts'
import type { Issue } from '../../core/network/issue.ts'
import type { Layer, NetworkDocument } from '../../core/network/schema.ts'
import { groupBy } from '../app/groupBy.ts'
import type { Point } from '../state/view.ts'
import { blockFacts, sameFacts } from './blockFacts.ts'
import { liveRoutes, wiresOf } from './deriveWires.ts'
import {
  type BlockData,
  type InPort,
  type LayerData,
  type Scene,
  type SceneInput,
  type SceneNode,
  samePlace,
  sameShape,
  type WireEdge,
} from './scene.ts'

const NONE: readonly Issue[] = []
/** Frames and comments lie below wires and layers; frames below those in them. */
const BELOW = -10
/** Only their heads take the pointer. */
const THROUGH = { pointerEvents: 'none' } as const

/**
 * Makes React Flow's nodes and edges from what is seen of the document. Keeps what did not change since the last call,
 * so that one edit redraws one node and a drag costs no more than what is dragged: call the function it gives for every
 * new state.
 */
export function createDeriver(): (input: SceneInput) => Scene {
  let facts: Facts | null = null
  let nodes = new Map<string, SceneNode>()
  let edges = new Map<string, WireEdge>()
  let before: SceneInput | null = null
  let list: WireEdge[] = []
  return (input) => {
    const known = facts?.placement === input.placement && facts.describe === input.describe
    facts = known ? facts! : factsOf(input, facts)
    const boxes = boxesOf(input)
    nodes = nodesOf(input, facts, boxes, nodes)
    const { flows } = facts
    const onlyDrags = known && before !== null && differInDragging(before, input)
    const samePlacement = before?.placement === input.placement
    before = input
    if (onlyDrags)
      return { nodes: [...nodes.values()], edges: list, live: liveRoutes(input, flows, boxes, edges) }
    edges = wiresOf(input, flows, boxes, edges, samePlacement)
    list = [...edges.values()]
    return { nodes: [...nodes.values()], edges: list, live: NO_ROUTES }
  }
}

const NO_ROUTES: ReadonlyMap<string, Route> = new Map()

/** Whether things are still dragged and nothing else changed. Inside a block its gates move along, as do their wires. */
const differInDragging = (before: SceneInput, now: SceneInput): boolean =>
  now.dragging !== null &&
  now.placement === before.placement &&
  now.placement.scope === null &&
  now.selection === before.selection &&
  now.selectedWires === before.selectedWires &&
  now.dropWire === before.dropWire

interface Fact<D> {
  readonly data: D
  readonly label: string
}
/** What is drawn wherever things stand. */
interface Facts {
  readonly placement: SceneInput['placement']
  readonly describe: SceneInput['describe']
  /** In the order data flows, so that Tab walks the network from its input to its output. */
  readonly items: ReadonlyMap<string, Fact<LayerData> | Fact<BlockData>>
  readonly flows: readonly Flow[]
}

function factsOf({ placement, analysis, describe }: SceneInput, before: Facts | null): Facts {
  const { document, standIn } = placement
  const rank = new Map<string, number>()
  analysis.order.forEach((id, index) => {
    const seen = standIn.get(id)
    if (seen !== undefined && !rank.has(seen)) rank.set(seen, index)
  })
  const rankOf = ({ id }: Item) => rank.get(id) ?? Number.MAX_SAFE_INTEGER
  const issues = groupBy(analysis.issues, (issue) => issue.layer)
  const gone = bypassedLayers(document)
  const { layers, groups } = blocksOf(document)
  const items = new Map<string, Fact<LayerData> | Fact<BlockData>>()
  for (const item of [...placement.items.values()].sort((a, b) => rankOf(a) - rankOf(b))) {
    const old = before?.items.get(item.id)
    const { id } = item
    if (item.type === 'layer') {
      const layer = layers.get(id)!
      const report = analysis.layers.get(id)
      const next = dataOf(layer, document, report, issues.get(id) ?? NONE, gone.has(id))
      items.set(id, keep(old as Fact<LayerData> | undefined, next, sameData, describe, before?.describe))
    } else {
      const group = groups.get(id)!
      const next = { facts: blockFacts(document, analysis, issues, group), bypassed: group.bypassed === true }
      items.set(id, keep(old as Fact<BlockData> | undefined, next, sameBlock, describe, before?.describe))
    }
  }
  return { placement, describe, items, flows: flowsOf(placement, analysis) }
}

function keep<D extends LayerData | BlockData>(
  old: Fact<D> | undefined,
  next: D,
  same: (a: D, b: D) => boolean,
  describe: SceneInput['describe'],
  before: SceneInput['describe'] | undefined,
): Fact<D> {
  if (!old || !(next.constructor === old.data.constructor) || !same(old.data, next))
    return { data: next, label: describe(next) }
  return before === describe ? old : { data: old.data, label: describe(old.data) }
}

/** Where everything is seen now: a frame that is dragged takes along what is in it. */
function boxesOf({ placement, dragging }: SceneInput): ReadonlyMap<string, Box> {
  const boxes = new Map<string, Box>()
  const shifts = new Map<string, Point>()
  for (const { id, box, frame, type } of placement.items.values()) {
    const shift = frame === null ? undefined : shifts.get(frame)
    const to = dragging?.[id]
    const next = to ? { ...box, ...to } : shift ? { ...box, x: box.x + shift.x, y: box.y + shift.y } : box
    if (type === 'frame' && next !== box) shifts.set(id, { x: next.x - box.x, y: next.y - box.y })
    boxes.set(id, next)
  }
  return boxes
}

function nodesOf(
  input: SceneInput,
  { items, flows }: Facts,
  boxes: ReadonlyMap<string, Box>,
  before: ReadonlyMap<string, SceneNode>,
): Map<string, SceneNode> {
  const { placement, dragging } = input
  const selected = new Set(input.selection)
  const nodes = new Map<string, SceneNode>()
  const put = (node: SceneNode) => {
    const old = before.get(node.id)
    nodes.set(node.id, old && sameNode(old, node) ? old : node)
  }
  for (const { comment, box } of placement.comments) {
    const position = dragging?.[comment.id] ?? { x: box.x, y: box.y }
    const same = before.get(comment.id)
    const data = same?.type === 'comment' && same.data.comment === comment ? same.data : { comment }
    const { width, height } = box
    put({
      ...base(comment.id, position, selected, comment.text),
      type: 'comment',
      data,
      width,
      height,
      zIndex: 2 * BELOW,
      style: THROUGH,
      dragHandle: '.comment-head',
      selectable: false,
    })
  }
  for (const [id, { data, label }] of items) {
    const box = boxes.get(id)!
    const common = {
      ...base(id, { x: box.x, y: box.y }, selected, label),
      width: box.width,
      height: box.height,
      // what is known needs no look at the page, which would lay it out once more for each
      measured: { width: box.width, height: box.height },
    }
    if ('layer' in data) put({ ...common, type: 'layer', data, handles: handlesOf(data.inputs, box.width) })
    else if (placement.items.get(id)!.type === 'block')
      put({ ...common, type: 'block', data, handles: handlesOf([BLOCK_IN], box.width) })
    else
      put({
        ...common,
        type: 'frame',
        data,
        zIndex: BELOW,
        style: THROUGH,
        dragHandle: '.frame-head',
        selectable: false,
      })
  }
  for (const { id, data, box } of gatesOf(flows, boxes, placement)) {
    const common = { ...base(id, box, new Set<string>(), ''), width: box.width, height: box.height }
    const old = before.get(id)
    const kept = old?.type === 'gate' && JSON.stringify(old.data) === JSON.stringify(data) ? old.data : data
    const handles = handlesOf([BLOCK_IN], box.width)
    put({
      ...common,
      type: 'gate',
      data: kept,
      handles,
      draggable: false,
      selectable: false,
      focusable: false,
    })
  }
  return nodes
}

const BLOCK_IN: InPort = { name: 'in', variadic: false }

const base = (id: string, { x, y }: Point, selected: ReadonlySet<string>, ariaLabel: string) => ({
  id,
  position: { x, y },
  selected: selected.has(id),
  ariaLabel,
})

const sameNode = (a: SceneNode, b: SceneNode) =>
  a.type === b.type &&
  a.data === b.data &&
  a.selected === b.selected &&
  a.ariaLabel === b.ariaLabel &&
  a.width === b.width &&
  a.height === b.height &&
  samePlace(a.position, b.position)

function handlesOf(inputs: readonly InPort[], width: number): NonNullable<Node['handles']> {
  const port = { width: 9, height: 9, y: PORT_LINE - 4.5 }
  return [
    ...inputs.map((p) => ({
      ...port,
      id: p.name,
      type: 'target' as const,
      position: Position.Left,
      x: -4.5,
    })),
    { ...port, id: OUTPUT_PORT, type: 'source' as const, position: Position.Right, x: width - 4.5 },
  ]
}

function dataOf(
  layer: Layer,
  document: NetworkDocument,
  report: LayerReport | undefined,
  issues: readonly Issue[],
  bypassed: boolean,
): LayerData {
  const anatomy = anatomyOf(layer)
  return {
    layer,
    anatomy,
    inputs: portsOf(layer, anatomy, document),
    outputShape: report?.outputShape ?? null,
    trainable: report?.trainable ?? 0,
    issues: issues.filter((issue) => issue.severity !== 'info'),
    bypassed,
  }
}

/** Of a kind that isn't known, the ports that wires lead to. */
function portsOf(layer: Layer, { kind }: Anatomy, document: NetworkDocument): readonly InPort[] {
  if (kind) return kind.inputs.map((port) => ({ name: port.name, variadic: port.variadic === true }))
  const names = document.wires.filter((wire) => wire.to.layer === layer.id).map((wire) => wire.to.port)
  return [...new Set(names)].map((name) => ({ name, variadic: true }))
}

const sameData = (a: LayerData, b: LayerData) =>
  a.anatomy === b.anatomy &&
  a.layer.name === b.layer.name &&
  a.trainable === b.trainable &&
  a.bypassed === b.bypassed &&
  sameShape(a.outputShape, b.outputShape) &&
  a.inputs.length === b.inputs.length &&
  a.issues.length === b.issues.length &&
  a.issues.every((issue, i) => issue.message.en === b.issues[i]!.message.en)

const sameBlock = (a: BlockData, b: BlockData) => a.bypassed === b.bypassed && sameFacts(a.facts, b.facts)
