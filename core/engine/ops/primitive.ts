import type { Tensor } from '../../layers/builder.ts'
import type { OnnxGraph } from '../lowering/graph.ts'
import type { Program } from '../program.ts'

export type Dims = readonly number[]

/** A tensor's contents while a program is interpreted: row by row, in 64-bit floats. */
export interface Value {
  readonly shape: Dims
  readonly data: Float64Array
}

/** One step of a program: a primitive applied to tensors. */
export interface Operation<A = unknown> {
  readonly primitive: Primitive<A>
  readonly inputs: readonly Tensor[]
  readonly attributes: A
  readonly output: Tensor
}

/**
 * Everything the engine knows of one primitive operation, in one file and in this order. `A` are its attributes:
 * plain data that is known when the program is built.
 */
export interface Primitive<A = unknown> {
  readonly name: string
  /** Shape of the result. Throws a RangeError that names the rule, what was expected and what came. */
  shape(inputs: readonly Dims[], attributes: A): Dims
  /** The definition, in 64-bit floats and plain loops; what every executor is measured against. */
  evaluate(inputs: readonly Value[], attributes: A, shape: Dims): Float64Array
  /**
   * For each input a recipe that appends the operations giving its gradient from `dy`, the gradient of the output;
   * null where none flows. Absent when none flows to any input.
   */
  gradient?(b: Program, op: Operation<A>, dy: Tensor): readonly ((() => Tensor) | null)[]
  /** Appends the ONNX nodes of the standard lowering and gives the name of the result. */
  onnx(g: OnnxGraph, op: Operation<A>): string
}

/** Stops with the one-line error of a shape rule. */
export function refuse(primitive: string, expected: string, came: string): never {
  throw new RangeError(`${primitive}: expected ${expected}, got ${came}`)
}

export const show = (shape: Dims): string => `[${shape.join(', ')}]`

export const sizeOf = (shape: Dims): number => shape.reduce((product, n) => product * n, 1)
