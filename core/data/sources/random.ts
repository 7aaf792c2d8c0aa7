import { text } from '../../network/text.ts'
import { DataError } from '../dataset.ts'
import { createRandom } from '../random.ts'
import type { Source } from './source.ts'

/** Bytes of pixels that a set is kept under when nobody says how many samples it should have. */
const DEFAULT_BYTES = 64 * 1024 * 1024
const DEFAULT_COUNT = 4096
const MOST_BYTES = 1024 * 1024 * 1024
const MOST_CLASSES = 100_000
const LONGEST_SIDE = 4096
const LONGEST_SIGNAL = 1_000_000

/** Noise with K labels in turn, of signals, images or volumes: nothing to learn, for measuring speed. */
export const random: Source = {
  scheme: 'random',
  usage: 'random:CxHxW/K',
  anyShape: true,
  async load(rest, _files, { seed, limit }) {
    const source = `random:${rest}`
    const match = /^(\d{1,7}(?:x\d{1,7}){1,3})\/(\d{1,6})$/.exec(rest)
    if (!match) {
      const examples = ['`random:3x32x32/10`', '`random:1x8000/10`', '`random:3x16x32x32/10`']
      throw new DataError(
        text(
          `${source}: expected channels x sides / classes: write it like ${examples.slice(0, 2).join(', ')} or ${examples[2]}`,
          `${source}: 채널x크기/클래스 형식이어야 합니다. ${examples.join(', ')}처럼 적어 주세요.`,
        ),
      )
    }
    const shape = match[1]!.split('x').map(Number)
    const classes = Number(match[2])
    const longest = shape.length === 2 ? LONGEST_SIGNAL : LONGEST_SIDE
    for (const side of shape) {
      if (side < 1 || side > longest) {
        throw new DataError(
          text(
            `${source}: ${side} is not a usable size: use 1 to ${longest}`,
            `${source}: ${side}은(는) 사용할 수 없는 크기입니다. 1~${longest} 중에서 정해 주세요.`,
          ),
        )
      }
    }
    if (classes < 2 || classes > MOST_CLASSES) {
      throw new DataError(
        text(
          `${source}: ${classes} classes can't be used: give 2 to ${MOST_CLASSES}`,
          `${source}: 클래스 ${classes}개는 사용할 수 없습니다. 2~${MOST_CLASSES}개로 정해 주세요.`,
        ),
      )
    }
    const size = shape.reduce((product, side) => product * side, 1)
    const usual = Math.min(DEFAULT_COUNT, Math.floor(DEFAULT_BYTES / size))
    const count = limit ?? Math.max(usual, Math.min(2 * classes, DEFAULT_COUNT), 16)
    if (count * size > MOST_BYTES) {
      throw new DataError(
        text(
          `${source}: ${count} samples of ${size} bytes are more than ${MOST_BYTES} bytes: use smaller images or --limit`,
          `${source}: ${size}바이트 샘플 ${count}개는 ${MOST_BYTES}바이트를 넘습니다. 이미지를 줄이거나 샘플 수를 제한해 주세요.`,
        ),
      )
    }
    return {
      source,
      classes: Array.from({ length: classes }, (_, label) => String(label)),
      shape,
      count,
      pixels: noise(count * size, seed),
      labels: Int32Array.from({ length: count }, (_, i) => i % classes),
      trainCount: null,
    }
  },
}

function noise(length: number, seed: number): Uint8Array {
  const generator = createRandom(seed)
  const words = new Uint32Array(Math.ceil(length / 4))
  for (let i = 0; i < words.length; i++) words[i] = generator.uint32()
  return new Uint8Array(words.buffer, 0, length)
}
