import { type AnyParams, resolveLayer } from '../../layers/index.ts'
import type { Category, Shape } from '../../layers/kind.ts'
import type { Graph } from '../../network/graph.ts'
import type { Issue } from '../../network/issue.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import { type LayerFigures, measureLayer } from '../measure.ts'
import type { Analysis } from '../report.ts'

/** What lessons are drawn from: a document, and what was counted of it. */
export interface Net extends Omit<Analysis, 'issues'> {
  readonly document: NetworkDocument
  readonly graph: Graph
}

/** A lesson is no fault: it says what a design costs, and what others did about it. */
export type Lesson = Issue & { readonly source: NonNullable<Issue['source']> }

export const paramsOf = (net: Net, id: string): AnyParams =>
  resolveLayer(net.graph.layers.get(id)!).params as AnyParams

export const categoryOf = (net: Net, id: string): Category | null =>
  resolveLayer(net.graph.layers.get(id)!).kind?.category ?? null

/** Shapes that come into a layer; null when one is not known. */
export function inputsOf(net: Net, id: string): readonly Shape[] | null {
  const shapes = net.layers.get(id)!.inputs.map((input) => net.layers.get(input)!.outputShape)
  return shapes.every((shape) => shape !== null) ? shapes : null
}

/** What a layer of the same kind would amount to with some parameters other than its own. */
export function figuresWith(net: Net, id: string, params: object, inputs: readonly Shape[]): LayerFigures {
  const { kind } = resolveLayer(net.graph.layers.get(id)!)
  return measureLayer(kind!, { ...paramsOf(net, id), ...params } as AnyParams, inputs)
}

/** The layer before, where there is one alone. */
export const onlyInput = (net: Net, id: string): string | null => {
  const { inputs } = net.layers.get(id)!
  return inputs.length === 1 ? inputs[0]! : null
}

/** The layer behind, where there is one alone. */
export const onlyOutput = (net: Net, id: string): string | null => {
  const wires = net.graph.outgoing.get(id)!
  return wires.length === 1 ? wires[0]!.to.layer : null
}

/** A layer and all that lead to it. */
export function feeding({ layers }: Pick<Analysis, 'layers'>, end: string): ReadonlySet<string> {
  const reached = new Set([end])
  for (const id of reached) for (const source of layers.get(id)?.inputs ?? []) reached.add(source)
  return reached
}

const NORMS = ['batchnorm', 'layernorm', 'groupnorm', 'instancenorm']

/** Whether a kind keeps the scale of activations whatever the weights; LRN does not. */
export const normalizes = (kind: string): boolean => NORMS.includes(kind)

/**
 * Weighted layers on the shortest way from each layer to the nearest loss, itself included: what a gradient has to
 * pass to reach its weights. Layers that lead to no loss are left out.
 */
export function nearness(net: Net): ReadonlyMap<string, number> {
  const near = new Map<string, number>()
  for (const id of net.order.toReversed()) {
    const own = net.weighted.has(id) ? 1 : 0
    if (id === net.end || net.layers.get(id)!.kind === 'auxiliary') {
      near.set(id, own)
      continue
    }
    const behind = net.graph.outgoing.get(id)!.flatMap((wire) => near.get(wire.to.layer) ?? [])
    if (behind.length > 0) near.set(id, own + Math.min(...behind))
  }
  return near
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
export const grouped = (n: number): string => whole.format(n)

/** A share as a whole percentage. */
export const percent = (share: number): string => `${Math.round(share * 100)}%`
