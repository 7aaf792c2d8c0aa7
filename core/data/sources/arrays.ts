import { DataError } from '../dataset.ts'

/** What values of 0 to `most` are multiplied with to fill a byte. */
export function byteScale(least: number, most: number, whole: boolean, where: string): number {
  if (least < 0 || most > 255 || Number.isNaN(least + most)) {
    throw new DataError(
      `${where}: has pixels from ${least} to ${most}: expected 0 to 255, or 0 to 1: save them before they are standardized`,
    )
  }
  if (most <= 1) return 255
  // sets of few gray levels, e.g. the 17 of the optical digits of UCI
  if (whole && most <= 16) return 255 / (most === 16 ? 16 : 15)
  return 1
}

/** Takes `FILE#HxW` or `FILE#CxHxW` apart. */
export function splitShape(rest: string): { path: string; shape: readonly number[] | null } {
  const match = /^(.+)#(?:(\d{1,5})x)?(\d{1,5})x(\d{1,5})$/.exec(rest)
  if (!match) return { path: rest, shape: null }
  return { path: match[1]!, shape: [Number(match[2] ?? 1), Number(match[3]), Number(match[4])] }
}

/**
 * The shape of images given as rows of `count` numbers: as written behind the file's name, or a square of gray or of
 * red, green and blue planes.
 *
 * @throws DataError
 */
export function rowShape(
  count: number,
  given: readonly number[] | null,
  scheme: string,
  path: string,
): readonly number[] {
  const product = given?.reduce((a, b) => a * b, 1)
  if (given && product !== count) {
    throw new DataError(
      `${path}: has ${count} pixels a row and ${given.join(' x ')} are ${product}: give another size`,
    )
  }
  if (given && count > 0) return given
  for (const channels of [1, 3]) {
    const side = Math.sqrt(count / channels)
    if (side >= 1 && Number.isInteger(side)) return [channels, side, side]
  }
  throw new DataError(
    `${path}: ${count} pixels a row are no square: write the size behind the name, as in ${scheme}:${path}#HxW`,
  )
}

const MOST_CLASSES = 10_000

/**
 * Turns labels as written into classes: numbers in their order, else names in theirs.
 *
 * @param where names the place of a label, for messages.
 * @throws DataError
 */
export function classesOf(
  written: readonly string[],
  where: (index: number) => string,
): { classes: readonly string[]; labels: Int32Array } {
  const numeric = written.every((name) => name !== '' && Number.isFinite(Number(name)))
  // 3 may be written as 3.0
  const names = numeric ? written.map((name) => String(Number(name))) : written
  const known = new Set(names)
  if (numeric) {
    const odd = written.findIndex((name) => !Number.isSafeInteger(Number(name)) || Number(name) < 0)
    if (odd >= 0) {
      throw new DataError(
        `${where(odd)}: label ${written[odd]} is out of range: expected whole numbers from 0, or names`,
      )
    }
  }
  if (known.size < 2) {
    throw new DataError(`${where(0)}: all labels are "${written[0]}": expected two classes at least`)
  }
  if (known.size > MOST_CLASSES) {
    throw new DataError(
      `${where(0)}: has ${known.size} different labels: expected ${MOST_CLASSES} at most: check which are the labels`,
    )
  }
  const classes = [...known].sort(numeric ? (a, b) => Number(a) - Number(b) : undefined)
  const index = new Map(classes.map((name, label) => [name, label]))
  return { classes, labels: Int32Array.from(names, (name) => index.get(name)!) }
}
