import type { Dataset } from '../dataset.ts'
import type { FileAccess } from '../feed.ts'

/** What every source is read with. */
export interface SourceOptions {
  /** Decides the pixels of generated sources. */
  readonly seed: number
  /** Generated sources make no more samples than that; published files are always read and checked whole. */
  readonly limit?: number | undefined
}

/** One scheme of `--data SCHEME:REST`. */
export interface Source {
  readonly scheme: string
  /** How it is written, for messages: `mnist:DIR`. */
  readonly usage: string
  /**
   * Reads or makes the data set. `rest` is the text after the colon, empty where there is none.
   *
   * @throws DataError, one line that names the file and says what to do.
   */
  load(rest: string, files: FileAccess, options: SourceOptions): Promise<Dataset>
}
