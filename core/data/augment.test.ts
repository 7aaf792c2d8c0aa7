import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Augment } from '../network/schema.ts'
import { augmented } from './augment.ts'
import type { InputTransform } from './dataset.ts'
import type { SampleWriter } from './transform.ts'

const transform = (shape: readonly number[]): InputTransform => ({
  shape,
  fit: 'pad',
  normalization: 'zero-one',
})
/** An image whose pixels are all different, from `start` on. */
const numbered =
  (size: number, start = 1): SampleWriter =>
  (_sample, target, offset) => {
    for (let i = 0; i < size; i++) target[offset + i] = start + i
  }

/** One sample of an epoch, changed. */
function change(augment: Augment, shape: readonly number[], sample = 0, epoch = 0, seed = 1): number[] {
  const size = shape.reduce((product, side) => product * side, 1)
  const target = new Float32Array(size + 2).fill(-7)
  augmented(numbered(size), augment, transform(shape), seed, epoch)(sample, target, 1)
  expect([target[0], target[size + 1]]).toEqual([-7, -7])
  return [...target.subarray(1, size + 1)]
}

const variants = (augment: Augment, shape: readonly number[], samples = 400): Set<string> =>
  new Set(Array.from({ length: samples }, (_, sample) => change(augment, shape, sample).join()))

describe('augmentation', () => {
  test('nothing asked, nothing changed', () => {
    expect(change({}, [2, 2, 3])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  })

  test('a flip mirrors every channel, half of the time', () => {
    const plain = '1,2,3,4,5,6'
    const mirrored = '3,2,1,6,5,4'
    expect(variants({ flip: true }, [1, 2, 3])).toEqual(new Set([plain, mirrored]))
    const results = Array.from({ length: 400 }, (_, sample) =>
      change({ flip: true }, [2, 1, 3], sample).join(),
    )
    expect(new Set(results)).toEqual(new Set(['1,2,3,4,5,6', '3,2,1,6,5,4']))
    const flips = results.filter((result) => result === '3,2,1,6,5,4').length
    // five standard deviations
    expect(Math.abs(flips - 200)).toBeLessThan(50)
  })

  test('a crop is each window of the padded image', () => {
    const expected = new Set<string>()
    for (const dy of [-1, 0, 1]) {
      for (const dx of [-1, 0, 1]) {
        const window = [0, 1].flatMap((y) =>
          [0, 1].map((x) => {
            const [row, column] = [y + dy, x + dx]
            return row >= 0 && row < 2 && column >= 0 && column < 2 ? 1 + 2 * row + column : 0
          }),
        )
        expected.add(window.join())
      }
    }
    expect(variants({ crop: 1 }, [1, 2, 2])).toEqual(expected)
  })

  test('reflection repeats neither border, as numpy.pad does, however far it goes', () => {
    // numpy.pad([1, 2, 3], 4, mode='reflect')
    const padded = [1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3]
    const windows = new Set(Array.from({ length: 9 }, (_, at) => padded.slice(at, at + 3).join()))
    expect(variants({ crop: 4, fill: 'reflect' }, [1, 1, 3])).toEqual(windows)
    expect(variants({ crop: 3, fill: 'reflect' }, [1, 1, 1])).toEqual(new Set(['1']))
  })

  test('background is what pixel 0 becomes', () => {
    const lenet: InputTransform = { shape: [1, 1, 1], fit: 'pad', normalization: 'lenet' }
    const values = new Set<number>()
    for (let sample = 0; sample < 60; sample++) {
      const target = new Float32Array(1)
      augmented(numbered(1), { crop: 1 }, lenet, 1, 0)(sample, target, 0)
      values.add(target[0]!)
    }
    expect(values).toEqual(new Set([1, Math.fround(-0.1)]))
  })

  test('turns about the centre, by less than it may', () => {
    const size = 21
    const center = (size * size - 1) / 2
    const slope: SampleWriter = (_sample, target, offset) => {
      for (let i = 0; i < size * size; i++) target[offset + i] = i % size
    }
    const angles = Array.from({ length: 100 }, (_, sample) => {
      const target = new Float32Array(size * size)
      augmented(slope, { rotate: 40 }, transform([1, size, size]), 1, 0)(sample, target, 0)
      expect(target[center]).toBeCloseTo(10, 5)
      // a slope that is turned goes up by the cosine to the right and by the sine upwards
      const right = target[center + 1]! - target[center]!
      const up = target[center - size]! - target[center]!
      expect(right * right + up * up).toBeCloseTo(1, 4)
      return (Math.atan2(up, right) * 180) / Math.PI
    })
    expect(Math.max(...angles.map(Math.abs))).toBeLessThanOrEqual(40.01)
    expect(Math.max(...angles)).toBeGreaterThan(30)
    expect(Math.min(...angles)).toBeLessThan(-30)
  })

  test('a shift moves by less than its share, between pixels too', () => {
    const slope: SampleWriter = (_sample, target, offset) => {
      for (let i = 0; i < 100; i++) target[offset + i] = i % 10
    }
    const moves: number[] = []
    for (let sample = 0; sample < 100; sample++) {
      const target = new Float32Array(100)
      augmented(slope, { shift: 0.2 }, transform([1, 10, 10]), 1, 0)(sample, target, 0)
      const move = target[54]! - 4
      moves.push(move)
      expect(target[55]! - target[54]!).toBeCloseTo(1, 5)
    }
    expect(Math.max(...moves.map(Math.abs))).toBeLessThanOrEqual(2)
    expect(Math.max(...moves)).toBeGreaterThan(1.5)
    expect(Math.min(...moves)).toBeLessThan(-1.5)
    expect(moves.some((move) => Math.abs(move - Math.round(move)) > 0.2)).toBe(true)
  })

  test('a part is enlarged to the whole, of the area and proportions asked', () => {
    const size = 20
    const across = (axis: 'x' | 'y'): number[] => {
      const slope: SampleWriter = (_sample, target, offset) => {
        for (let i = 0; i < size * size; i++) {
          target[offset + i] = axis === 'x' ? i % size : Math.floor(i / size)
        }
      }
      const augment: Augment = { resizedCrop: { area: [0.2, 0.5], aspect: [0.75, 4 / 3] } }
      const write = augmented(slope, augment, transform([1, size, size]), 1, 0)
      const step = axis === 'x' ? 1 : size
      return Array.from({ length: 200 }, (_, sample) => {
        const target = new Float32Array(size * size)
        write(sample, target, 0)
        expect(Math.min(...target)).toBeGreaterThanOrEqual(0)
        expect(Math.max(...target)).toBeLessThanOrEqual(size - 1)
        const middle = (size / 2) * size + size / 2
        return size * (target[middle + step]! - target[middle]!)
      })
    }
    const widths = across('x')
    const heights = across('y')
    const areas = widths.map((width, i) => (width * heights[i]!) / size ** 2)
    // whole pixels: half a pixel of 10 either way
    expect(Math.min(...areas)).toBeGreaterThan(0.17)
    expect(Math.max(...areas)).toBeLessThan(0.55)
    expect(Math.max(...areas) - Math.min(...areas)).toBeGreaterThan(0.2)
    const aspects = widths.map((width, i) => width / heights[i]!)
    expect(Math.min(...aspects)).toBeGreaterThan(0.66)
    expect(Math.max(...aspects)).toBeLessThan(1.5)
    expect(Math.min(...aspects)).toBeLessThan(0.9)
    expect(Math.max(...aspects)).toBeGreaterThan(1.1)
  })

  test('a part that can not be as asked is the largest in the middle', () => {
    const augment: Augment = { resizedCrop: { area: [1, 1], aspect: [2, 2] } }
    // rows 1 and 2 of 4 (from 5 and from 9 on), each drawn twice, with steps between and nothing from beside them
    const rows = change(augment, [1, 4, 4]).filter((_, i) => i % 4 === 0)
    expect(rows).toEqual([5, 6, 8, 9])
  })

  test('signals move along their length, volumes as one', () => {
    const moved = variants({ crop: 1, flip: true }, [1, 3])
    const windows = ['0,1,2', '1,2,3', '2,3,0']
    const mirrored = windows.map((window) => window.split(',').reverse().join())
    expect(moved).toEqual(new Set([...windows, ...mirrored]))
    expect(variants({ flip: true }, [1, 2, 1, 2])).toEqual(new Set(['1,2,3,4', '2,1,4,3']))
  })

  test('is decided by seed, epoch and sample alone', () => {
    const all: Augment = { crop: 2, flip: true, shift: 0.1, rotate: 15, fill: 'reflect' }
    const shape = [3, 6, 5]
    expect(change(all, shape, 4, 2, 9)).toEqual(change(all, shape, 4, 2, 9))
    expect(change(all, shape, 5, 2, 9)).not.toEqual(change(all, shape, 4, 2, 9))
    expect(change(all, shape, 4, 3, 9)).not.toEqual(change(all, shape, 4, 2, 9))
    expect(change(all, shape, 4, 2, 8)).not.toEqual(change(all, shape, 4, 2, 9))
    // the same writer, used before
    const size = 90
    const write = augmented(numbered(size), all, transform(shape), 9, 2)
    const target = new Float32Array(2 * size)
    write(7, target, size)
    write(4, target, 0)
    expect([...target.subarray(0, size)]).toEqual(change(all, shape, 4, 2, 9))
  })

  test('makes no value that was not between those there', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            crop: fc.integer({ min: 1, max: 64 }),
            flip: fc.boolean(),
            shift: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
            rotate: fc.double({ min: 0.1, max: 180, noNaN: true }),
            fill: fc.constantFrom('zero' as const, 'reflect' as const),
          },
          { requiredKeys: [] },
        ),
        fc.tuple(
          fc.integer({ min: 1, max: 3 }),
          fc.integer({ min: 1, max: 9 }),
          fc.integer({ min: 1, max: 9 }),
        ),
        fc.nat(),
        (augment, [c, h, w], sample) => {
          const values = change(augment, [c, h, w], sample)
          for (const value of values) {
            expect(value).toBeGreaterThanOrEqual(augment.fill === 'reflect' ? 1 - 1e-4 : 0)
            expect(value).toBeLessThanOrEqual(c * h * w + 1e-3)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
