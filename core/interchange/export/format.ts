import type { ParameterLayout } from '../../engine/executor.ts'
import { FormatError } from '../../formats/error.ts'
import type { NamedArray } from '../../formats/safetensors.ts'
import type { NetworkDocument, Recipe } from '../../network/schema.ts'
import type { Text } from '../../network/text.ts'
import type { ExportFormatId } from '../../protocol/contract.ts'

/** How pixels become the network's input, with what was measured of the data. */
export interface FittedInput {
  readonly shape: readonly number[]
  readonly fit: 'pad' | 'resize'
  readonly normalization: 'zero-one' | 'lenet' | 'standardize'
  /** Of each channel, of pixels scaled to 0..1. */
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
}

/** A network with weights, and what is known of how they came about. */
export interface ExportRequest {
  readonly document: NetworkDocument
  readonly layout: ParameterLayout
  /** All weights, as the layout places them. */
  readonly weights: Float32Array
  /** How it was trained, or how it would be. */
  readonly recipe: Recipe
  /** Of the run, or of the fresh weights. */
  readonly seed: number
  /** What it was trained on; null for fresh weights. */
  readonly data: { readonly classes: readonly string[]; readonly transform: FittedInput } | null
}

export interface ExportedFile {
  /** Relative to the folder, with `/` between names; the file's own name where the format is one file. */
  readonly path: string
  readonly bytes: Uint8Array
}

/** A format that networks go out in; one file each, listed in index.ts. */
export interface ExportFormat {
  readonly id: ExportFormatId
  readonly title: Text
  /** Of the one file, without the dot; null where the format is a folder of files. */
  readonly ending: string | null
  /**
   * @throws ExportError for what the format has no words for: every such layer is named, and nothing is approximated.
   * An EngineError for a network that is not sound passes too.
   */
  write(request: ExportRequest): readonly ExportedFile[] | Promise<readonly ExportedFile[]>
}

/** A network that a format can't hold. The message is one line and names the layers, the reasons and what to do. */
export class ExportError extends FormatError {}

/** Every weight under its name and shape, as views of the flat array. */
export const weightsOf = ({ layout, weights }: Pick<ExportRequest, 'layout' | 'weights'>): NamedArray[] =>
  layout.slots.map(({ name, shape, offset, size }) => ({
    name,
    shape,
    data: weights.subarray(offset, offset + size),
  }))

/** What was learned besides weights, as texts, for formats that have a place for them. */
export const metadataOf = ({ document, data }: ExportRequest): Record<string, string> => ({
  network: document.name,
  ...(data ? { classes: JSON.stringify(data.classes), input: JSON.stringify(data.transform) } : {}),
})
