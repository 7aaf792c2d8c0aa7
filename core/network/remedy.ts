import type { Text } from './text.ts'

/** A layer to be made; parameters that are not given have their defaults. */
export interface NewLayer {
  readonly kind: string
  readonly params?: Readonly<Record<string, unknown>>
}

/**
 * A stretch of a network taken out and another put in its place. What fed the first layer feeds the first new one, and
 * the last new one feeds what the last layer fed; where nothing is put, the ends are joined.
 */
export interface Splice {
  /** Ids of layers in a row, in the order data flows. */
  readonly take: readonly string[]
  readonly put: readonly NewLayer[]
  /** Where nothing is taken: the layer that the new ones go before, or behind. */
  readonly before?: string
  readonly behind?: string
}

/** A change of a network that an issue recommends, as data: all of it is one step of undo. */
export interface Remedy {
  /** What a button says that makes it. */
  readonly label: Text
  readonly splices?: readonly Splice[]
  /** Parameters to change. */
  readonly set?: readonly { readonly layer: string; readonly params: Readonly<Record<string, unknown>> }[]
  /** Samples in a batch that the network is to be trained with. */
  readonly batch?: number
}
