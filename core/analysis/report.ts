import type { Shape } from '../layers/kind.ts'
import type { Issue } from '../network/issue.ts'

/** What is known of one layer of a document. Figures are for one sample (batch 1). */
export interface LayerReport {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly group: string | null
  /** Ids of the layers that feed it, in port order. */
  readonly inputs: readonly string[]
  /** Null when it can't be inferred; the reason is among the issues of this layer or of one before it. */
  readonly outputShape: Shape | null
  readonly trainable: number
  readonly nonTrainable: number
  readonly macs: number
  readonly connections: number
  /** Float32 bytes of its output for one sample. */
  readonly activationBytes: number
  /** Pixels of the input one output place sees, one entry a spatial axis; null after the spatial axes are gone. */
  readonly receptiveField: readonly number[] | null
  /** Input pixels between neighbouring output places. */
  readonly stride: readonly number[] | null
}

export interface Totals {
  readonly trainable: number
  readonly nonTrainable: number
  readonly macs: number
  readonly connections: number
  readonly activationBytes: number
  /** Weighted layers on the longest path. */
  readonly depth: number
  readonly receptiveField: readonly number[] | null
}

export interface Analysis {
  /** Layer ids, every layer after those that feed it; layers in a cycle are left out. */
  readonly order: readonly string[]
  readonly layers: ReadonlyMap<string, LayerReport>
  readonly input: Shape | null
  readonly output: Shape | null
  /** Id of the layer that gives the network's output; null when none or several do. Auxiliary outputs don't count. */
  readonly end: string | null
  /** Ids of the layers that count for depth: with a weight tensor of rank 2 or more, and no normalization. */
  readonly weighted: ReadonlySet<string>
  readonly totals: Totals
  readonly issues: readonly Issue[]
}
