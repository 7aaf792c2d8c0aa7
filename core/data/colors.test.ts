import { describe, expect, test } from 'vitest'
import type { Augment } from '../network/schema.ts'
import { augmented } from './augment.ts'
import { colorAxes, drawColorChange } from './colors.ts'
import type { InputTransform } from './dataset.ts'
import { createRandom } from './random.ts'

const planes = (...values: number[][]): Float32Array[] => values.map((plane) => Float32Array.from(plane))
const applied = (augment: Augment, image: Float32Array[], seed = 1): number[][] => {
  drawColorChange(augment, createRandom(seed), null)!(image)
  return image.map((plane) => [...plane])
}

describe('the principal axes of colours', () => {
  test('are those of the covariance: unit vectors, at right angles, with its spread', () => {
    const random = createRandom(5)
    const pixels = new Uint8Array(3 * 4000)
    for (let i = 0; i < 4000; i++) {
      const light = random.between(0, 200)
      pixels[i] = light + random.between(0, 20)
      pixels[4000 + i] = light + random.between(0, 40)
      pixels[8000 + i] = 0.5 * light + random.between(0, 10)
    }
    const { axes, deviations } = colorAxes({ shape: [3, 50, 80], pixels }, Int32Array.of(0))
    for (const [k, axis] of axes.entries()) {
      for (const [other, second] of axes.entries()) {
        const product = axis.reduce((sum, value, i) => sum + value * second[i]!, 0)
        expect(product).toBeCloseTo(k === other ? 1 : 0, 12)
      }
      const along = Array.from({ length: 4000 }, (_, i) =>
        axis.reduce((sum, value, c) => sum + (value * pixels[c * 4000 + i]!) / 255, 0),
      )
      const mean = along.reduce((sum, value) => sum + value, 0) / 4000
      const variance = along.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4000
      expect(deviations[k]).toBeCloseTo(Math.sqrt(variance), 10)
    }
    const total = deviations.reduce((sum, deviation) => sum + deviation ** 2, 0)
    // the longest axis carries most of it, which no other choice of axes would
    expect(Math.max(...deviations) ** 2 / total).toBeGreaterThan(0.95)
  })

  test('gray images vary along gray alone', () => {
    const { axes, deviations } = colorAxes(
      { shape: [1, 1, 2], pixels: Uint8Array.of(0, 255) },
      Int32Array.of(0),
    )
    const longest = deviations.indexOf(Math.max(...deviations))
    expect(deviations[longest]).toBeCloseTo(Math.sqrt(3) / 2, 12)
    for (const value of axes[longest]!) expect(Math.abs(value)).toBeCloseTo(1 / Math.sqrt(3), 12)
    expect(deviations.filter((_, k) => k !== longest).every((deviation) => deviation < 1e-7)).toBe(true)
  })
})

describe('jitter', () => {
  test('brightness multiplies every channel by one factor and stops at white', () => {
    const [red, green] = applied({ jitter: { brightness: 0.5 } }, planes([0.2, 0.4], [0.6, 0.9], [0, 0]))
    const factor = red![0]! / 0.2
    expect(factor).toBeGreaterThan(0.5)
    expect(factor).toBeLessThan(1.5)
    expect(red![1]).toBeCloseTo(0.4 * factor, 6)
    expect(green![1]).toBeCloseTo(Math.min(1, 0.9 * factor), 6)
  })

  test('contrast goes about the mean brightness', () => {
    const [plane] = applied({ jitter: { contrast: 0.3 } }, planes([0.4, 0.6]))
    expect(plane![0]! + plane![1]!).toBeCloseTo(1, 6)
    expect(plane![1]! - plane![0]!).not.toBeCloseTo(0.2, 3)
  })

  test('saturation keeps brightness and leaves gray alone', () => {
    const image = applied({ jitter: { saturation: 0.4 } }, planes([0.5, 0.3], [0.4, 0.3], [0.6, 0.3]))
    const light = 0.299 * image[0]![0]! + 0.587 * image[1]![0]! + 0.114 * image[2]![0]!
    expect(light).toBeCloseTo(0.299 * 0.5 + 0.587 * 0.4 + 0.114 * 0.6, 6)
    expect(image[0]![0]).not.toBeCloseTo(0.5, 3)
    for (const plane of image) expect(plane[1]).toBeCloseTo(0.3, 6)
  })

  test('hue turns as colorsys does, and keeps value and chroma', () => {
    const turns = new Set<string>()
    for (let seed = 0; seed < 40; seed++) {
      const pixel = applied({ jitter: { hue: 0.5 } }, planes([0.8], [0.3], [0.2]), seed).map((p) => p[0]!)
      expect(Math.max(...pixel)).toBeCloseTo(0.8, 6)
      expect(Math.min(...pixel)).toBeCloseTo(0.2, 6)
      turns.add(String(pixel.indexOf(Math.max(...pixel))))
    }
    expect(turns).toEqual(new Set(['0', '1', '2']))
    const turn = createRandom(3).between(-0.25, 0.25)
    // Python: colorsys.hsv_to_rgb(turn % 1, 1, 1) for red turned
    const wheel = (offset: number): number => {
      const k = (offset + 6 * (turn + 1)) % 6
      return 1 - Math.max(0, Math.min(k, 4 - k, 1))
    }
    const turned = applied({ jitter: { hue: 0.25 } }, planes([1], [0], [0]), 3).map((p) => p[0]!)
    for (const [i, offset] of [5, 3, 1].entries()) expect(turned[i]).toBeCloseTo(wheel(offset), 6)
  })

  test('an image of one channel has neither hue nor saturation', () => {
    expect(applied({ jitter: { hue: 0.5, saturation: 1 } }, planes([0.25, 0.5]))).toEqual([[0.25, 0.5]])
  })
})

test('the shift along the axes is one for the whole image, of the wanted spread, in normalized values too', () => {
  const transform: InputTransform = {
    shape: [3, 1, 2],
    fit: 'pad',
    normalization: 'standardize',
    mean: [0.5, 0.5, 0.5],
    std: [0.25, 0.25, 0.25],
  }
  const colors = {
    axes: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const,
    deviations: [0.4, 0, 0],
  }
  const shifts: number[] = []
  const target = new Float32Array(6)
  const write = augmented((_, to, at) => to.fill(1, at, at + 6), { pca: 0.1 }, transform, 1, 0, { colors })
  for (let sample = 0; sample < 400; sample++) {
    write(sample, target, 0)
    expect(target[0]).toBe(target[1])
    for (const value of target.subarray(2)) expect(value).toBeCloseTo(1, 5)
    shifts.push(target[0]! - 1)
  }
  const spread = Math.sqrt(shifts.reduce((sum, shift) => sum + shift * shift, 0) / 400)
  // 0.1 x 0.4 of pixels, by a deviation of 0.25; five standard errors
  expect(Math.abs(spread - 0.16)).toBeLessThan(0.03)
})
