import { text } from '../../network/text.ts'
import { DataError } from '../dataset.ts'
import { DIGIT_SIZE, generateDigits } from '../digits/generate.ts'
import type { Source } from './source.ts'

/** Samples of the whole set. */
const COUNT = 10_000

/** The embedded set: handwritten-like digits, drawn when asked for. */
export const digits: Source = {
  scheme: 'digits',
  usage: 'digits',
  async load(rest, _files, { seed, limit }) {
    if (rest !== '')
      throw new DataError(
        text(
          `digits:${rest}: this source takes nothing after its name: use \`digits\``,
          `digits:${rest}: 이 소스는 이름 뒤에 아무것도 받지 않습니다. \`digits\`만 적어 주세요.`,
        ),
      )
    const count = Math.min(COUNT, limit ?? COUNT)
    const { pixels, labels } = generateDigits(count, seed)
    return {
      source: 'digits',
      classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      shape: [1, DIGIT_SIZE, DIGIT_SIZE],
      count,
      pixels,
      labels,
      trainCount: null,
    }
  },
}
