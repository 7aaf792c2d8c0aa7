import type { Edge, Node } from '@xyflow/react'
import type { Analysis } from '../../core/analysis/report.ts'
import type { Ends } from '../../core/drawing/flows.ts'
import type { Gate } from '../../core/drawing/gates.ts'
import type { Placement } from '../../core/drawing/placement.ts'
import type { Route } from '../../core/drawing/route.ts'
import type { Anatomy } from '../../core/drawing/size.ts'
import type { Shape } from '../../core/layers/kind.ts'
import type { Issue } from '../../core/network/issue.ts'
import type { Comment, Layer } from '../../core/network/schema.ts'
import type { Point } from '../state/view.ts'
import type { BlockFacts } from './blockFacts.ts'

/** What React Flow is given: nodes and edges derived from the document. */

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
  /** It, or a block it lies in, is bypassed. */
  readonly bypassed: boolean
}
export type BlockData = { readonly facts: BlockFacts; readonly bypassed: boolean }
export type CommentData = { readonly comment: Comment }
/** An end of a wire that leads into the block that is shown, or out of it. */
export type GateData = Gate['data']

export type LayerNode = Node<LayerData, 'layer'>
export type BlockNode = Node<BlockData, 'block'>
export type FrameNode = Node<BlockData, 'frame'>
export type CommentNode = Node<CommentData, 'comment'>
export type GateNode = Node<GateData, 'gate'>
export type SceneNode = LayerNode | BlockNode | FrameNode | CommentNode | GateNode

export type WireData = {
  /** Wires of the document that are drawn as this one. */
  readonly wires: readonly string[]
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
  readonly nodes: SceneNode[]
  readonly edges: WireEdge[]
  /** Ways of wires whose ends are being dragged, by edge; the edges themselves change once they are let go. */
  readonly live: ReadonlyMap<string, Route>
}

export interface SceneInput {
  readonly placement: Placement
  readonly analysis: Analysis
  readonly selection: readonly string[]
  readonly selectedWires: readonly string[]
  /** Where things are while they are dragged, as they are seen. */
  readonly dragging: Readonly<Record<string, Point>> | null
  readonly dropWire: string | null
  /** What assistive technology says of a layer or a block, in the window's language. */
  describe(node: LayerData | BlockData): string
}

export const samePlace = (a: Point, b: Point): boolean => a.x === b.x && a.y === b.y
export const sameShape = (a: Shape | null, b: Shape | null): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((n, i) => n === b[i]))
