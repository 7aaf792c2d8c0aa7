import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../random.ts'
import { type Digits, generateDigits } from './generate.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const SIZE = 28 * 28

/** Softmax regression on pixels by SGD; the best validation accuracy of any epoch. */
function linearAccuracy({ pixels, labels }: Digits, train: number, epochs: number): number {
  const weights = Array.from({ length: 10 }, () => new Float64Array(SIZE + 1))
  const x = new Float64Array(SIZE + 1)
  const p = new Float64Array(10)
  const scores = (sample: number): void => {
    for (let i = 0; i < SIZE; i++) x[i] = pixels[sample * SIZE + i]! / 255
    x[SIZE] = 1
    weights.forEach((row, label) => {
      let sum = 0
      for (let i = 0; i <= SIZE; i++) sum += row[i]! * x[i]!
      p[label] = sum
    })
  }
  let best = 0
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = 0.03 * (1 - epoch / epochs)
    for (const sample of createRandom(1, epoch).shuffle(Int32Array.from({ length: train }, (_, i) => i))) {
      scores(sample)
      const top = Math.max(...p)
      const exponents = p.map((score) => Math.exp(score - top))
      const total = exponents.reduce((sum, value) => sum + value, 0)
      weights.forEach((row, label) => {
        const step = rate * (exponents[label]! / total - (label === labels[sample] ? 1 : 0))
        for (let i = 0; i <= SIZE; i++) row[i]! -= step * x[i]!
      })
    }
    let right = 0
    for (let sample = train; sample < labels.length; sample++) {
      scores(sample)
      if (p.indexOf(Math.max(...p)) === labels[sample]) right++
    }
    best = Math.max(best, right / (labels.length - train))
  }
  return best
}

describe('generated digits', () => {
  test('are the same pixels on every machine', () => {
    const { pixels, labels } = generateDigits(1000, 1)
    expect(sha256(pixels)).toMatchInlineSnapshot(
      `"461506da9cf17570fe851721e07df2f98b02f5d932a5c863a4bce3f0c1517611"`,
    )
    expect([...labels.slice(0, 20)]).toMatchInlineSnapshot(`
      [
        9,
        5,
        6,
        8,
        3,
        1,
        2,
        4,
        7,
        0,
        8,
        0,
        1,
        5,
        6,
        4,
        9,
        3,
        7,
        2,
      ]
    `)
  })

  test('a smaller set is the beginning of a larger one, another seed another set', () => {
    const large = generateDigits(57, 4)
    const small = generateDigits(23, 4)
    expect(small.pixels).toEqual(large.pixels.slice(0, 23 * SIZE))
    expect(small.labels).toEqual(large.labels.slice(0, 23))
    expect(generateDigits(23, 5).pixels).not.toEqual(small.pixels)
  })

  test('every ten samples hold each digit once', () => {
    const { labels } = generateDigits(200, 2)
    for (let start = 0; start < 200; start += 10) {
      expect([...labels.slice(start, start + 10)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    }
  })

  test('no two are alike, each has ink, and none is cut off by the frame', () => {
    const { pixels } = generateDigits(2000, 3)
    const seen = new Set<string>()
    let touching = 0
    for (let sample = 0; sample < 2000; sample++) {
      const image = pixels.subarray(sample * SIZE, (sample + 1) * SIZE)
      seen.add(sha256(image))
      const ink = image.filter((value) => value > 100).length
      expect(ink).toBeGreaterThan(3)
      expect(ink).toBeLessThan(SIZE / 2)
      const border = image.filter((_, i) => i < 28 || i >= SIZE - 28 || i % 28 === 0 || i % 28 === 27)
      if (border.some((value) => value > 100)) touching++
    }
    expect(seen.size).toBe(2000)
    expect(touching / 2000).toBeLessThan(0.01)
  })

  test('are too varied for a linear classifier, yet far from noise', () => {
    const accuracy = linearAccuracy(generateDigits(6000, 1), 5000, 12)
    console.log(
      `softmax regression on 5,000 generated digits: ${(100 * accuracy).toFixed(1)}% validation accuracy`,
    )
    expect(accuracy).toBeGreaterThan(0.5)
    expect(accuracy).toBeLessThan(0.95)
  })
})
