import { describe, expect, test } from 'vitest'
import { DataError, type Dataset, type InputTransform } from './dataset.ts'
import { describe as summarize } from './describe.ts'
import { fitSize, resampleAxis } from './resample.ts'
import { fitTransform, prepare } from './transform.ts'

function dataset(shape: readonly number[], ...samples: number[][]): Dataset {
  return {
    source: 'made',
    classes: ['a', 'b'],
    shape,
    count: samples.length,
    pixels: Uint8Array.from(samples.flat()),
    labels: new Int32Array(samples.length),
    trainCount: null,
  }
}

function apply(data: Dataset, transform: InputTransform, sample = 0): number[] {
  const size = transform.shape.reduce((product, side) => product * side, 1)
  const target = new Float32Array(size + 2).fill(77)
  prepare(data, transform)(sample, target, 1)
  // neither side of its place is touched
  expect([target[0], target[size + 1]]).toEqual([77, 77])
  return [...target.subarray(1, size + 1)]
}

const close = (values: number[], expected: number[]): void => {
  expect(values).toHaveLength(expected.length)
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 5)
  })
}
const zeroOne = (shape: number[], fit: 'pad' | 'resize' = 'pad'): InputTransform => ({
  shape,
  fit,
  normalization: 'zero-one',
})

describe('normalization', () => {
  const data = dataset([1, 1, 3], [0, 51, 255])

  test('zero-one', () => {
    close(apply(data, zeroOne([1, 1, 3])), [0, 0.2, 1])
  })

  test('lenet: background -0.1, ink 1.175, as in the paper', () => {
    close(apply(data, { shape: [1, 1, 3], fit: 'pad', normalization: 'lenet' }), [-0.1, 0.155, 1.175])
  })

  test('standardize: by the training samples alone, mean 0 and deviation 1', () => {
    const two = dataset([2, 1, 2], [0, 100, 10, 20], [100, 200, 30, 40], [255, 255, 255, 255])
    const fitted = fitTransform(two, Int32Array.of(0, 1), {
      shape: [2, 1, 2],
      fit: 'pad',
      normalization: 'standardize',
    })
    close([...fitted.mean!], [100 / 255, 25 / 255])
    close([...fitted.std!], [Math.sqrt(5000) / 255, Math.sqrt(125) / 255])
    const values = [...apply(two, fitted, 0), ...apply(two, fitted, 1)]
    const first = values.filter((_, i) => i % 4 < 2)
    close([first.reduce((sum, x) => sum + x, 0) / 4, first.reduce((sum, x) => sum + x * x, 0) / 4], [0, 1])
  })

  test('standardize keeps given figures and refuses to guess', () => {
    const given: InputTransform = {
      shape: [1, 1, 3],
      fit: 'pad',
      normalization: 'standardize',
      mean: [0.5],
      std: [0.25],
    }
    expect(fitTransform(data, Int32Array.of(0), given)).toBe(given)
    close(apply(data, given), [-2, -1.2, 2])
    expect(() => prepare(data, { shape: [1, 1, 3], fit: 'pad', normalization: 'standardize' })).toThrow(
      DataError,
    )
  })

  test('a constant channel becomes zero, not infinite', () => {
    const flat = dataset([1, 1, 2], [40, 40])
    close(
      apply(
        flat,
        fitTransform(flat, Int32Array.of(0), { shape: [1, 1, 2], fit: 'pad', normalization: 'standardize' }),
      ),
      [0, 0],
    )
  })
})

describe('channels', () => {
  test('gray is copied to all', () => {
    close(apply(dataset([1, 1, 2], [51, 102]), zeroOne([3, 1, 2])), [0.2, 0.4, 0.2, 0.4, 0.2, 0.4])
  })

  test('colour becomes brightness', () => {
    const data = dataset([3, 1, 2], [255, 0, 0, 255, 0, 0], [255, 0, 255, 0, 255, 0])
    close(apply(data, zeroOne([1, 1, 2])), [0.299, 0.587])
    close(apply(data, zeroOne([1, 1, 2]), 1), [1, 0])
  })

  test('figures for standardize are those of the converted channels', () => {
    const luma: InputTransform = { shape: [1, 1, 1], fit: 'pad', normalization: 'standardize' }
    const colour = fitTransform(dataset([3, 1, 1], [255, 0, 0], [0, 255, 0]), Int32Array.of(0, 1), luma)
    close([...colour.mean!, ...colour.std!], [0.443, 0.144])
    const gray = fitTransform(dataset([1, 1, 2], [0, 255]), Int32Array.of(0), { ...luma, shape: [3, 1, 2] })
    close([...gray.mean!, ...gray.std!], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
  })

  test('others can not be converted', () => {
    const data = dataset([4, 1, 1], [1, 2, 3, 4])
    expect(() => prepare(data, zeroOne([3, 1, 1]))).toThrow(
      /made: its images have 4 channels and the network takes 3/,
    )
    expect(() => fitTransform(data, Int32Array.of(0), zeroOne([3, 1, 1]))).toThrow(DataError)
  })
})

describe('padding', () => {
  test('adds background around, the odd row and column at the bottom and right', () => {
    close(apply(dataset([1, 1, 2], [255, 255]), zeroOne([1, 2, 5])), [0, 1, 1, 0, 0, 0, 0, 0, 0, 0])
  })

  test('background is normalized as a pixel is', () => {
    close(
      apply(dataset([1, 1, 1], [255]), { shape: [1, 1, 3], fit: 'pad', normalization: 'lenet' }),
      [-0.1, 1.175, -0.1],
    )
  })

  test('an image larger than the input shrinks with its proportions kept', () => {
    // 2 x 4 into 2 x 2: half the size, a row of background below
    close(apply(dataset([1, 2, 4], new Array(8).fill(255)), zeroOne([1, 2, 2])), [1, 1, 0, 0])
    expect(fitSize([28, 28], [32, 32])).toEqual([28, 28])
    expect(fitSize([100, 50], [32, 32])).toEqual([32, 16])
    expect(fitSize([1000, 1], [10, 10])).toEqual([10, 1])
  })
})

describe('resampling', () => {
  test('larger: bilinear between pixel centres', () => {
    // torch.nn.functional.interpolate(mode='bilinear', align_corners=False) of [0, 100] to 4
    close(
      apply(dataset([1, 1, 2], [0, 100]), zeroOne([1, 1, 4], 'resize')).map((x) => x * 255),
      [0, 25, 75, 100],
    )
  })

  test('smaller: the triangle widens, so that no pixel is left out', () => {
    // as Pillow: centre 1, half-width 2: 3/4, 3/4 and 1/4, scaled to a sum of 1
    close([...resampleAxis(4, 2)[0]!.weights], [3 / 7, 3 / 7, 1 / 7])
    close(
      [...resampleAxis(8, 2)[0]!.weights].map((w) => w * 28),
      [5, 7, 7, 5, 3, 1],
    )
  })

  test.each([
    [1, 5],
    [5, 1],
    [28, 32],
    [32, 28],
    [7, 3],
    [300, 224],
  ])('from %i to %i: weights sum to 1, inside the image, symmetric', (from, to) => {
    const axis = resampleAxis(from, to)
    axis.forEach(({ first, weights }, i) => {
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
      expect(first).toBeGreaterThanOrEqual(0)
      expect(first + weights.length).toBeLessThanOrEqual(from)
      const mirrored = axis[to - 1 - i]!
      const center = (a: typeof mirrored): number =>
        a.weights.reduce((sum, w, k) => sum + w * (a.first + k + 0.5), 0)
      expect(center({ first, weights }) + center(mirrored)).toBeCloseTo(from, 9)
    })
  })

  test('both axes and every channel', () => {
    const data = dataset([2, 2, 2], [0, 0, 200, 200, 50, 100, 50, 100])
    const down = [0, 50, 150, 200].flatMap((x) => [x, x, x, x])
    const across = [50, 62.5, 87.5, 100]
    const expected = [...down, ...across, ...across, ...across, ...across]
    close(
      apply(data, zeroOne([2, 4, 4], 'resize')),
      expected.map((x) => x / 255),
    )
  })
})

describe('signals and volumes', () => {
  test('a signal is padded at both ends with its own silence', () => {
    const signal = dataset([1, 3], [0, 128, 255])
    close(apply(signal, zeroOne([1, 6])), [0, 0, 128 / 255, 1, 0, 0])
    const silence = 128 / 255
    close(apply({ ...signal, zero: 128 }, zeroOne([1, 6])), [silence, 0, silence, 1, silence, silence])
  })

  test('a longer signal is resampled, every channel by itself', () => {
    const signal = dataset([2, 8], [0, 0, 0, 0, 80, 80, 80, 80, 255, 255, 255, 255, 255, 255, 255, 255])
    const [a, b, c, d] = apply(signal, zeroOne([2, 2]))
    expect(a).toBeLessThan(b!)
    close([a! + b!, c!, d!], [80 / 255, 1, 1])
  })

  test('a volume is padded around and resampled along its depth too', () => {
    const volume = dataset([1, 2, 1, 1], [51, 255])
    close(apply(volume, zeroOne([1, 4, 1, 2])), [0, 0, 0.2, 0, 1, 0, 0, 0])
    close(apply(volume, zeroOne([1, 1, 1, 1], 'resize')), [0.6])
    // torch.nn.functional.interpolate(mode='trilinear', align_corners=False)
    close(apply(volume, zeroOne([1, 4, 1, 1], 'resize')), [0.2, 0.4, 0.8, 1])
  })

  test('statistics count every side', () => {
    const fitted = fitTransform(dataset([1, 4], [0, 100, 200, 100]), Int32Array.of(0), {
      shape: [1, 4],
      fit: 'pad',
      normalization: 'standardize',
    })
    close([...fitted.mean!, ...fitted.std!], [100 / 255, Math.sqrt(5000) / 255])
  })

  test('what is of another kind is refused with both shapes', () => {
    expect(() => prepare(dataset([1, 2, 2], [1, 2, 3, 4]), zeroOne([1, 4]))).toThrow(
      'made: its samples are 1 x 2 x 2 (channels x height x width) and the network takes 1 x 4 (channels x length): use data of that kind',
    )
  })
})

test('the summary counts and measures', () => {
  const data = { ...dataset([2, 1, 2], [0, 255, 51, 51], [0, 255, 51, 51]), labels: Int32Array.of(1, 1) }
  const { count, perClass, mean, std, shape } = summarize(data)
  expect({ count, perClass, shape }).toEqual({ count: 2, perClass: [0, 2], shape: [2, 1, 2] })
  close([...mean, ...std], [0.5, 0.2, 0.5, 0])
})
