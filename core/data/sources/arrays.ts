import { text } from '../../network/text.ts'
import { DataError } from '../dataset.ts'

/** What values of 0 to `most` are multiplied with to fill a byte. */
export function byteScale(least: number, most: number, whole: boolean, where: string): number {
  if (least < 0 || most > 255 || Number.isNaN(least + most)) {
    const [low, high] = [least, most].map((value) => Number(value.toPrecision(4)))
    throw new DataError(
      text(
        `${where}: has pixels from ${low} to ${high}: expected 0 to 255, or 0 to 1: save them before they are standardized`,
        `${where}: 픽셀 값이 ${low}~${high}입니다. 0~255 또는 0~1이어야 하니 표준화하기 전의 값으로 저장해 주세요.`,
      ),
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
      text(
        `${path}: has ${count} pixels a row and ${given.join(' x ')} are ${product}: give another size`,
        `${path}: 한 행의 픽셀은 ${count}개인데 ${given.join(' x ')}은(는) ${product}개입니다. 크기를 다시 적어 주세요.`,
      ),
    )
  }
  if (given && count > 0) return given
  for (const channels of [1, 3]) {
    const side = Math.sqrt(count / channels)
    if (side >= 1 && Number.isInteger(side)) return [channels, side, side]
  }
  throw new DataError(
    text(
      `${path}: ${count} pixels a row are no square: write the size behind the name, as in ${scheme}:${path}#HxW`,
      `${path}: 한 행의 픽셀 ${count}개는 정사각형이 되지 않습니다. ${scheme}:${path}#HxW처럼 이름 뒤에 크기를 적어 주세요.`,
    ),
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
        text(
          `${where(odd)}: label ${written[odd]} is out of range: expected whole numbers from 0, or names`,
          `${where(odd)}: 라벨 ${written[odd]}은(는) 사용할 수 없습니다. 0 이상의 정수나 이름이어야 합니다.`,
        ),
      )
    }
  }
  if (known.size < 2) {
    throw new DataError(
      text(
        `${where(0)}: all labels are "${written[0]}": expected two classes at least`,
        `${where(0)}: 라벨이 모두 "${written[0]}"입니다. 클래스가 둘 이상이어야 합니다.`,
      ),
    )
  }
  if (known.size > MOST_CLASSES) {
    throw new DataError(
      text(
        `${where(0)}: has ${known.size} different labels: expected ${MOST_CLASSES} at most: check which are the labels`,
        `${where(0)}: 서로 다른 라벨이 ${known.size}개입니다. ${MOST_CLASSES}개 이하여야 하니 어느 것이 라벨인지 확인해 주세요.`,
      ),
    )
  }
  const classes = [...known].sort(numeric ? (a, b) => Number(a) - Number(b) : undefined)
  const index = new Map(classes.map((name, label) => [name, label]))
  return { classes, labels: Int32Array.from(names, (name) => index.get(name)!) }
}
