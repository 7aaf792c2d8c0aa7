import type { AnyParams } from '../../../layers/index.ts'
import type { Shape } from '../../../layers/kind.ts'
import type { OwnWeight } from '../../keras-terms.ts'

/** TensorFlow.js' layers, which follow Keras 2, or Keras 3. */
export type Dialect = 'tfjs' | 'keras'

/** A weight in Keras' own order of axes. */
export interface KerasWeight {
  /** `kernel`, `bias`, `gamma` and so on. */
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** A layer as Keras has it: class and configuration, what feeds it, its weights in its own order. */
export interface KerasLayer {
  readonly className: string
  readonly name: string
  readonly config: Readonly<Record<string, unknown>>
  readonly inputs: readonly string[]
  readonly weights: readonly KerasWeight[]
  /** Without the batch, channels last. */
  readonly output: readonly number[]
}

/** A network in Keras' terms, channels last: the input layer first, the output last. */
export interface KerasNet {
  readonly name: string
  readonly layers: readonly KerasLayer[]
  readonly input: string
  readonly output: string
}

/** Why a layer can't be said; ends as one line with the layers' names. */
export class Inexpressible extends Error {
  override readonly name = 'Inexpressible'
}

/** Adds layers one behind the other. */
export interface Chain {
  /** Shape of what the chain has come to, channels last, without the batch. */
  readonly shape: readonly number[]
  add(
    className: string,
    config: Readonly<Record<string, unknown>>,
    output: readonly number[],
    weights?: readonly KerasWeight[],
  ): Chain
}

/** A layer of the document on its way. */
export interface Given {
  readonly dialect: Dialect
  readonly params: AnyParams
  /** As the document has them: channels first. */
  readonly inputs: readonly Shape[]
  readonly output: Shape
  readonly weights: Readonly<Record<string, OwnWeight>>
  /** Whether nothing below zero comes in, so that padding with zeros changes no maximum. */
  readonly notNegative: boolean
}

/** Channels first to channels last. */
export const last = (shape: Shape): number[] => [...shape.slice(1), shape[0]!]

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

/** Channels-last order of an array of `rank` axes whose first is the channels. */
export const lastOrder = (rank: number): number[] => [...Array.from({ length: rank - 1 }, (_, i) => i + 1), 0]

export const named = (name: string, { shape, data }: OwnWeight): KerasWeight => ({ name, shape, data })
