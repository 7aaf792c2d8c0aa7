import type { Paper } from '../core/layers/kind.ts'
import type { NetworkDocument } from '../core/network/schema.ts'
import type { Text } from '../core/network/text.ts'

/** A documented model: one file a model, listed in presets/index.ts. */
export interface Preset {
  /** A contract: the CLI, the tests and saved projects use it. */
  readonly id: string
  readonly title: Text
  readonly year: number
  readonly paper: Paper
  /** One or two sentences: the idea the model added. */
  readonly summary: Text
  /** Error as published, with its protocol; null where none was. */
  readonly published: { readonly measure: Text; readonly value: string } | null
  /** Reference figures, compared with exact counting by a test. */
  readonly figures: {
    readonly trainable: number
    readonly nonTrainable: number
    readonly connections?: number
    readonly depth: number
  }
  /** A SOURCE it trains on at one click. */
  readonly data: string
  build(): NetworkDocument
}
