import type { Catalog } from '../catalog.ts'
import type { Dataset, InputTransform } from '../dataset.ts'
import type { FileAccess } from '../feed.ts'
import type { DecodeImages } from '../images/decode-set.ts'

/** What every source is read with. */
export interface SourceOptions {
  /** Decides the pixels of generated sources. */
  readonly seed: number
  /**
   * Generated sources make no more samples than that, and folders of images decode no more; published files are always
   * read and checked whole.
   */
  readonly limit?: number | undefined
  /** The network's input, for images of many sizes or too large ones: they are brought to it when decoded. */
  readonly frame?: Pick<InputTransform, 'shape' | 'fit'> | undefined
  /** Most bytes of pixels to hold; a larger set is a DataError. */
  readonly memory?: number | undefined
  /** Hears how many images of how many are looked at for their size, which comes before they are decoded. */
  readonly measured?: ((done: number, total: number) => void) | undefined
  /** Hears how many samples of how many are decoded, now and then. */
  readonly progress?: ((done: number, total: number) => void) | undefined
  /** Takes images one by one as they are decoded, instead of having them kept: the data set has no pixels then. */
  readonly take?: ((image: Uint8Array, shape: readonly number[]) => void) | undefined
  /** Decodes images on other threads; here where absent. */
  readonly decode?: DecodeImages | undefined
  /** Gives the memory for decoded images, zeros. */
  readonly allocate?: ((bytes: number) => Uint8Array) | undefined
}

/** One scheme of `--data SCHEME:REST`. */
export interface Source {
  readonly scheme: string
  /** How it is written, for messages: `mnist:DIR`. */
  readonly usage: string
  /** It can also hold signals [C, L] and volumes [C, D, H, W]; others hold images only. */
  readonly anyShape?: boolean
  /**
   * Reads or makes the data set. `rest` is the text after the colon, empty where there is none.
   *
   * @throws DataError, one line that names the file and says what to do.
   */
  load(rest: string, files: FileAccess, options: SourceOptions): Promise<Dataset>
  /**
   * Says what there is without decoding it, for sources that can be large; absent where `load` is quick.
   *
   * @throws DataError as `load` does.
   */
  open?(rest: string, files: FileAccess, options: SourceOptions): Promise<Catalog>
}
