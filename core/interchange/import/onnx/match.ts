import type { Context } from './context.ts'
import type { Constant, OnnxNode } from './graph.ts'
import type { Value } from './network.ts'

/** Several nodes that are one layer, found from the last of them. */
export interface Fusion {
  /** The nodes before it, which make no layers of their own. */
  readonly inner: readonly OnnxNode[]
  make(): Value
}

export type Match = (node: OnnxNode, at: Context) => Fusion | null

/** The node of that kind that makes a value which nothing else reads. */
export const single = (at: Context, name: string | undefined, op: string): OnnxNode | null =>
  name !== undefined && at.once(name) ? at.producer(name, op) : null

/** The two inputs of a node one of which is constant; null when none or both are. */
export function operand(
  node: OnnxNode,
  at: Context,
): { readonly constant: Constant; readonly other: string; readonly swapped: boolean } | null {
  const [a, b] = [at.constant(node, 0), at.constant(node, 1)]
  if (node.inputs.length !== 2 || !a === !b) return null
  return b
    ? { constant: b, other: node.inputs[0]!, swapped: false }
    : { constant: a!, other: node.inputs[1]!, swapped: true }
}

/** The only value of a constant, or null. */
export const scalarOf = (constant: Constant | undefined): number | null =>
  constant?.values.length === 1 ? constant.values[0]! : null

/** A node that counts in one number, and what it counts it in with. */
export function withNumber(
  at: Context,
  node: OnnxNode | null,
): { readonly number: number; readonly other: string; readonly node: OnnxNode } | null {
  const given = node && operand(node, at)
  const number = scalarOf(given?.constant)
  return node && given && number !== null && !given.swapped ? { number, other: given.other, node } : null
}

/** A float32 constant as it was meant: 0.1 and not 0.10000000149. */
export const meant = (value: number): number => Number(value.toPrecision(7))
