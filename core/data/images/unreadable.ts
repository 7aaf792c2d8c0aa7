import { FormatError, wordsOf } from '../../formats/error.ts'
import type { Text } from '../../network/text.ts'
import { DataError } from '../dataset.ts'
import { ImageError } from './image.ts'

/** What is wrong with one file or sample, to be told beside it; anything else is a fault of this program and thrown again. */
export function reasonOf(error: unknown): Text {
  if ([ImageError, DataError, FormatError].some((type) => error instanceof type)) return wordsOf(error)
  throw error
}
