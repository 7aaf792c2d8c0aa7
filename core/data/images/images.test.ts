import fc from 'fast-check'
import { encode as encodeJpeg } from 'jpeg-js'
import { describe, expect, test } from 'vitest'
import { DataError } from '../dataset.ts'
import { decodeImage, type Image, ImageError, imageSize, kindOfFile, readImage } from './index.ts'
import { chunk, encodePng, type PngPlan } from './testing.ts'

const HANGUL = expect.stringMatching(/[가-힣]/)

function errorOf(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

function decode(bytes: Uint8Array): Image {
  const image = decodeImage(bytes)
  const { channels, height, width } = image
  expect(imageSize(bytes)).toEqual({ channels, height, width })
  expect(image.pixels).toHaveLength(channels * height * width)
  return image
}

const pixel = ({ channels, height, width, pixels }: Image, x: number, y: number): number[] =>
  Array.from({ length: channels }, (_, c) => pixels[(c * height + y) * width + x]!)

const ramp = (count: number, most: number): number[] =>
  Array.from({ length: count }, (_, i) => (i * 7) % (most + 1))

describe('PNG', () => {
  test.each([1, 2, 4, 8, 16])('gray of %i bits fills 0 to 255', (depth) => {
    const most = 2 ** depth - 1
    const samples = ramp(11 * 5, most)
    const image = decode(encodePng({ width: 11, height: 5, depth, samples }))
    expect(image).toMatchObject({ channels: 1, height: 5, width: 11 })
    expect([...image.pixels]).toEqual(samples.map((value) => Math.round((255 * value) / most)))
  })

  test.each([0, 1, 2, 3, 4])('filter %i, in colour, plain and interlaced', (filter) => {
    const samples = ramp(9 * 7 * 3, 255)
    const plan: PngPlan = { width: 9, height: 7, type: 2, samples, filter: () => filter }
    const planes = [0, 1, 2].flatMap((c) => samples.filter((_, i) => i % 3 === c))
    expect([...decode(encodePng(plan)).pixels]).toEqual(planes)
    expect([...decode(encodePng({ ...plan, interlaced: true })).pixels]).toEqual(planes)
  })

  test.each([1, 2, 4, 8])('a palette of %i bits; gray where all of it is', (depth) => {
    const samples = ramp(10 * 3, 1)
    const colours = [10, 20, 30, 200, 100, 50]
    const image = decode(encodePng({ width: 10, height: 3, type: 3, depth, samples, palette: colours }))
    expect(pixel(image, 0, 0)).toEqual([10, 20, 30])
    expect(pixel(image, 1, 0)).toEqual([200, 100, 50])
    const gray = decode(
      encodePng({ width: 10, height: 3, type: 3, depth, samples, palette: [9, 9, 9, 77, 77, 77] }),
    )
    expect(gray.channels).toBe(1)
    expect([...gray.pixels]).toEqual(samples.map((index) => [9, 77][index]!))
  })

  test('tiny interlaced images, whose passes are partly empty', () => {
    for (const [width, height] of [
      [1, 1],
      [2, 1],
      [1, 5],
      [3, 3],
    ] as const) {
      const samples = ramp(width * height, 255)
      expect([...decode(encodePng({ width, height, samples, interlaced: true })).pixels]).toEqual(samples)
    }
  })

  test('what is transparent shows white', () => {
    const rgba = {
      width: 3,
      height: 1,
      type: 6,
      samples: [0, 100, 200, 255, 0, 100, 200, 0, 0, 100, 200, 51],
    }
    expect([...decode(encodePng(rgba)).pixels]).toEqual([0, 255, 204, 100, 255, 224, 200, 255, 244])
    const gray = { width: 2, height: 1, type: 4, depth: 16, samples: [0, 65535, 0, 0] }
    expect([...decode(encodePng(gray)).pixels]).toEqual([0, 255])
    const palette = {
      width: 2,
      height: 1,
      type: 3,
      samples: [0, 1],
      palette: [0, 0, 0, 0, 0, 0],
      transparency: [0],
    }
    expect([...decode(encodePng(palette)).pixels]).toEqual([255, 0])
    const key = {
      width: 2,
      height: 1,
      type: 2,
      samples: [1, 2, 3, 1, 2, 4],
      transparency: [0, 1, 0, 2, 0, 3],
    }
    expect([...decode(encodePng(key)).pixels]).toEqual([255, 1, 255, 2, 255, 4])
  })

  const whole = encodePng({ width: 4, height: 4, samples: ramp(16, 255) })
  const with32 = (at: number, value: number): Uint8Array => {
    const header = new Uint8Array(whole.slice(16, 29))
    new DataView(header.buffer).setUint32(at, value)
    return Uint8Array.from([...whole.slice(0, 8), ...chunk('IHDR', header), ...whole.slice(33)])
  }
  test.each([
    ['half of it', whole.subarray(0, whole.length / 2), /truncated PNG/],
    ['without its last byte', whole.subarray(0, -1), /truncated PNG/],
    [
      'a changed byte',
      whole.map((byte, i) => (i === 45 ? byte ^ 1 : byte)),
      /checksum of "IDAT" does not match/,
    ],
    ['a size of nothing', with32(0, 0), /its size is 0 x 4/],
    ['a size of millions', with32(0, 0x7fffffff), /are too many/],
    ['a size it can not hold', with32(4, 3_000_000), /can't hold the 4 x 3000000/],
    ['a size of one row more', with32(4, 5), /expected 25 bytes unpacked, came 20/],
    ['a size of one row less', with32(4, 3), /unpacks to more than the 15 bytes/],
    ['an unknown filter', encodePng({ width: 1, height: 1, samples: [0], filter: () => 7 }), /filter 7/],
    ['an unknown colour type', with32(8, 0x0805_0000), /colour type 5/],
    ['no palette', encodePng({ width: 1, height: 1, type: 3, samples: [0] }), /no palette/],
    [
      'no header',
      Uint8Array.from([...whole.slice(0, 8), ...chunk('IEND', [])]),
      /does not begin with its size/,
    ],
  ])('%s is an ImageError', (_name, bytes, message) => {
    const error = errorOf(() => decodeImage(bytes))
    expect(error).toBeInstanceOf(ImageError)
    expect(error).toMatchObject({ message: expect.stringMatching(message), text: { ko: HANGUL } })
  })
})

/** Made by Pillow 12: left half (200, 30, 40), right half (20, 60, 220), 32 x 24; the second turned to gray. */
const PROGRESSIVE =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwgIyYnKSopGR8tMC0oMCUoKSj/2wBDAQcHBwoIChMKChMoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCj/wgARCAAYACADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAQF/8QAFgEBAQEAAAAAAAAAAAAAAAAABgcE/9oADAMBAAIQAxAAAAHAGFhIH88rAChyB/PP/8QAFBABAAAAAAAAAAAAAAAAAAAAMP/aAAgBAQABBQJP/8QAFBEBAAAAAAAAAAAAAAAAAAAAIP/aAAgBAwEBPwEf/8QAFBEBAAAAAAAAAAAAAAAAAAAAIP/aAAgBAgEBPwEf/8QAFBABAAAAAAAAAAAAAAAAAAAAMP/aAAgBAQAGPwJP/8QAFBABAAAAAAAAAAAAAAAAAAAAMP/aAAgBAQABPyFP/9oADAMBAAIAAwAAABD7777/xAAUEQEAAAAAAAAAAAAAAAAAAAAg/9oACAEDAQE/EB//xAAUEQEAAAAAAAAAAAAAAAAAAAAg/9oACAECAQE/EB//xAAUEAEAAAAAAAAAAAAAAAAAAAAw/9oACAEBAAE/EE//2Q=='
const RESTARTS =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//wAALCAAYACABAREA/8QAFwABAQEBAAAAAAAAAAAAAAAAAAQFBv/EABQQAQAAAAAAAAAAAAAAAAAAAAD/3QAEAAX/2gAIAQEAAD8AwxKKn//Qw0oqH//R5kf/2Q=='
const CMYK =
  '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAGBAUGBQQGBgUGBwcGCAoQCgoJCQoUDg8MEBcUGBgXFBYWGh0lHxobIxwWFiAsICMmJykqKRkfLTAtKDAlKCko/8AAFAgAGAAgBEMRAE0RAFkRAEsRAP/EABcAAQEBAQAAAAAAAAAAAAAAAAAIBgf/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/AOwJ8cKVSAIPaheAALwZdB4AIPaheAALwZdB4AIPaheAAP/Z'
const packed = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'))

const near = (values: number[], expected: number[], within: number): void => {
  expect(values).toHaveLength(expected.length)
  values.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(within)
  })
}

describe('JPEG', () => {
  const rgba = Uint8Array.from({ length: 20 * 12 * 4 }, (_, i) => [90, 160, 30, 255][i % 4]!)
  const baseline = new Uint8Array(encodeJpeg({ width: 20, height: 12, data: rgba }, 90).data)

  test('baseline', () => {
    const image = decode(baseline)
    expect(image).toMatchObject({ channels: 3, height: 12, width: 20 })
    near(pixel(image, 19, 11), [90, 160, 30], 3)
  })

  test('progressive, with colour at half the size', () => {
    const image = decode(packed(PROGRESSIVE))
    expect(image).toMatchObject({ channels: 3, height: 24, width: 32 })
    near(pixel(image, 3, 3), [200, 30, 40], 2)
    near(pixel(image, 28, 20), [20, 60, 220], 2)
  })

  test('gray, with a last restart interval that is shorter', () => {
    const image = decode(packed(RESTARTS))
    expect(image.channels).toBe(1)
    near([...pixel(image, 3, 3), ...pixel(image, 28, 20)], [83, 66], 1)
  })

  test('four inks, as printers have them', () => {
    const image = decode(packed(CMYK))
    near([...pixel(image, 3, 3), ...pixel(image, 28, 20)], [200, 30, 40, 20, 60, 220], 3)
  })

  test('red, green and blue that are not told apart into brightness and colour', () => {
    // the same file, marked by Adobe's segment as one whose components are the colours
    const marker = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0]
    const raw = decode(Uint8Array.from([...baseline.slice(0, 2), ...marker, ...baseline.slice(2)]))
    const luma = 0.299 * 90 + 0.587 * 160 + 0.114 * 30
    near(pixel(raw, 5, 5), [luma, 128 + (30 - luma) * 0.564, 128 + (90 - luma) * 0.713], 3)
  })

  const frame = baseline.findIndex((byte, i) => byte === 0xff && baseline[i + 1] === 0xc0)
  const changed = (at: number, ...values: number[]): Uint8Array => {
    const copy = baseline.slice()
    copy.set(values, frame + at)
    return copy
  }
  test.each([
    ['half of it', baseline.subarray(0, baseline.length / 2), /truncated JPEG/],
    ['without its end', baseline.subarray(0, -2), /truncated JPEG/],
    ['less data than it needs', Uint8Array.from([...baseline.slice(0, -6), 0xff, 0xd9]), /broken JPEG/],
    ['no picture', Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), /holds no picture/],
    ['a size of nothing', changed(5, 0, 0), /its size is 20 x 0/],
    ['a size it can not hold', changed(5, 0x04, 0, 0x04, 0), /can't hold the 1024 x 1024/],
    ['an arithmetic coder', changed(1, 0xc9), /rare kind/],
    ['twelve bits', changed(4, 12), /12 bits/],
    ['an unknown sampling', changed(11, 0x51), /sampling is not known/],
  ])('%s is an ImageError', (_name, bytes, message) => {
    const error = errorOf(() => decodeImage(bytes))
    expect(error).toBeInstanceOf(ImageError)
    expect(error).toMatchObject({ message: expect.stringMatching(message), text: { ko: HANGUL } })
  })
})

function bmp(
  bits: number,
  width: number,
  height: number,
  rows: number[],
  palette: number[] = [],
): Uint8Array {
  const view = new DataView(new ArrayBuffer(54 + palette.length + rows.length))
  view.setUint16(0, 0x424d)
  view.setUint32(10, 54 + palette.length, true)
  view.setUint32(14, 40, true)
  view.setInt32(18, width, true)
  view.setInt32(22, height, true)
  view.setUint16(28, bits, true)
  const bytes = new Uint8Array(view.buffer)
  bytes.set(palette, 54)
  bytes.set(rows, 54 + palette.length)
  return bytes
}

describe('BMP', () => {
  const rows = [3, 2, 1, 6, 5, 4, 0, 0, 9, 8, 7, 12, 11, 10, 0, 0]

  test('rows from below, or from above where the height is negative', () => {
    expect([...decode(bmp(24, 2, 2, rows)).pixels]).toEqual([7, 10, 1, 4, 8, 11, 2, 5, 9, 12, 3, 6])
    expect([...decode(bmp(24, 2, -2, rows)).pixels]).toEqual([1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12])
  })

  test('32 bits, and palettes', () => {
    expect([...decode(bmp(32, 1, 1, [3, 2, 1, 255])).pixels]).toEqual([1, 2, 3])
    expect([...decode(bmp(8, 2, 1, [1, 0, 0, 0], [30, 20, 10, 0, 3, 2, 1, 0])).pixels]).toEqual([
      1, 10, 2, 20, 3, 30,
    ])
    const one = decode(bmp(1, 3, 1, [0b01000000, 0, 0, 0], [0, 0, 0, 0, 255, 255, 255, 0]))
    expect(one.channels).toBe(1)
    expect([...one.pixels]).toEqual([0, 255, 0])
  })

  test.each([
    ['truncated', bmp(24, 2, 2, rows).subarray(0, 66), /truncated BMP/],
    ['16 bits', bmp(16, 1, 1, [0, 0, 0, 0]), /BMP of 16 bits and compression 0 is not read/],
    ['a size it can not hold', bmp(24, 60000, 1000, rows), /can't hold/],
    ['the lowest height', bmp(24, 1, -(2 ** 31), rows), /too many/],
  ])('%s is an ImageError', (_name, bytes, message) => {
    const error = errorOf(() => decodeImage(bytes))
    expect(error).toBeInstanceOf(ImageError)
    expect(error).toMatchObject({ message: expect.stringMatching(message), text: { ko: HANGUL } })
  })
})

describe('any file', () => {
  test('is known by its content; its name tells whether to look', () => {
    expect(() => decodeImage(new Uint8Array())).toThrow('it is empty')
    expect(() => decodeImage(Uint8Array.from([1, 2, 3]))).toThrow('not a PNG, JPEG or BMP picture')
    expect(['a.PNG', 'b.jpeg', '고양이.jpg', 'c.webp', 'd.txt', 'Makefile'].map(kindOfFile)).toEqual([
      ...['image', 'image', 'image', 'foreign', 'other', 'other'],
    ])
    expect(() => readImage(new Uint8Array(), 'a/b.png')).toThrow(
      new DataError({
        en: 'a/b.png: it is empty: use another file',
        ko: 'a/b.png을(를) 읽을 수 없습니다(빈 파일). 다른 파일을 사용해 주세요.',
      }),
    )
  })

  const samples = [
    encodePng({
      width: 9,
      height: 5,
      type: 3,
      depth: 4,
      samples: ramp(45, 3),
      palette: ramp(12, 200),
      interlaced: true,
    }),
    encodePng({ width: 5, height: 4, type: 6, samples: ramp(80, 255), filter: (row) => row % 5 }),
    new Uint8Array(encodeJpeg({ width: 9, height: 9, data: new Uint8Array(324).fill(99) }, 40).data),
    packed(PROGRESSIVE),
    packed(RESTARTS),
    bmp(8, 2, 1, [1, 0, 0, 0], [30, 20, 10, 0, 3, 2, 1, 0]),
  ]

  test('with any bytes changed gives a picture of a size its bytes can hold, or an ImageError', () => {
    const change = fc.tuple(fc.nat(), fc.nat(255))
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        fc.option(fc.nat()),
        (sample, changes, cut) => {
          const bytes = sample.slice(0, cut === null ? sample.length : cut % sample.length)
          for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value
          try {
            const { pixels } = decodeImage(bytes)
            expect(pixels.length).toBeLessThanOrEqual(3 * 8 * 1032 * bytes.length)
          } catch (error) {
            if (!(error instanceof ImageError)) throw error
            expect(error.message).not.toContain('\n')
          }
        },
      ),
      { numRuns: 3000 },
    )
  })
})
