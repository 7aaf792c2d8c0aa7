import type { NamedArray } from '../../formats/safetensors.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import type { Text } from '../../network/text.ts'

/** A file that a person chose. */
export interface ForeignFile {
  /** As messages call it; its ending is a hint of what it holds. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** A network that came from another program. */
export interface Imported {
  readonly document: NetworkDocument
  /** Under the document's names, `<layer>.<weight>`; empty when the file holds a structure alone. */
  readonly weights: readonly NamedArray[]
  /** What the person should know: what was left out because it changes nothing, what was assumed. */
  readonly notes: readonly Text[]
}

/**
 * Gives the bytes of a file that stands beside the chosen one, by its relative path as the chosen one writes it.
 * Throws an ImportError `missing-file` when it is not there.
 */
export type Beside = (path: string) => Uint8Array

/** A format of other programs; one file each, listed in index.ts. */
export interface Importer {
  /** kebab-case and stable. */
  readonly id: string
  readonly title: Text
  /** Endings of its files, without the dot. */
  readonly endings: readonly string[]
  /** Whether the bytes are of this format; looks at the beginning alone where that is enough, and never throws. */
  detect(file: ForeignFile): boolean
  /**
   * Makes a network of it, with the same outputs.
   * @throws ImportError `unsupported` when it holds something that Layerloom has no layer for: every such thing is
   * named, and none is left out; `damaged` or `missing-file` when it can't be read. A FormatError passes too.
   */
  read(file: ForeignFile, beside: Beside): Imported | Promise<Imported>
}

export type ImportErrorCode = 'unknown-format' | 'unsupported' | 'damaged' | 'missing-file'

/** A file that can't become a network. `message` is the English sentence, one line; `text` has both languages. */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  readonly code: ImportErrorCode
  readonly text: Text
  constructor(code: ImportErrorCode, message: Text) {
    super(message.en)
    this.code = code
    this.text = message
  }
}
