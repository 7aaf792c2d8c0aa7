import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decodeImage, ImageError } from '../../../core/data/images/index.ts'
import { decodeJpeg } from './jpeg.ts'

/** Pictures of 17 x 12 written by Pillow 9.4, and what it and torchvision 0.14 read in them: planes of red, green and blue, or gray. */
const CASES = [
  {
    name: 'coarse',
    file: [
      '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwc',
      'KDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIy',
      'MjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAMABEDASIAAhEBAxEB/8QAGAAAAwEBAAAAAAAAAAAAAAAAAAUGAQP/xAAp',
      'EAABAwMBBQkAAAAAAAAAAAACAAEDBAUREgYTUZHRFRYxQVJxgaGx/8QAFgEBAQEAAAAAAAAAAAAAAAAAAgQF/8QAIREA',
      'AQIFBQEAAAAAAAAAAAAAAQACAwQFIVIUFSMyQVH/2gAMAwEAAhEDEQA/AG96CluNjGeLRvRHVhm8/dTGyd1KerO31Ts4',
      'sWlhd+vx9Ldm66cpZacizG2pv1drhQwUd7KaEcGz5zx8OqVIhiGHS7r+g/EIw1s26mO6NuFZ917f6m5oSntaq4hyQtDm',
      'zVOwHNf/2Q==',
    ].join(''),
    sha256: 'bcadc8d5f6c9392e49b36cf7813a15ff78b798eb3e559e2078095037206b5d03',
  },
  {
    name: 'progressive',
    file: [
      '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYW',
      'ICwgIyYnKSopGR8tMC0oMCUoKSj/2wBDAQcHBwoIChMKChMoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgo',
      'KCgoKCgoKCgoKCgoKCgoKCgoKCj/wgARCAAMABEDASEAAhEBAxEB/8QAGAAAAwEBAAAAAAAAAAAAAAAAAAUGAwT/xAAY',
      'AQEAAwEAAAAAAAAAAAAAAAAEAQIDBf/aAAwDAQACEAMQAAAB70sUpxYpnTB7Md2v/8QAHRAAAgIBBQAAAAAAAAAAAAAA',
      'AgMABAEFERITFP/aAAgBAQABBQKzgW19PdyPxrlJhbuWIWO4p//EACARAAECBQUAAAAAAAAAAAAAAAACAwEEBRESExQh',
      'I0H/2gAIAQMBAT8Bnexvbw8MFjXNRVc0UH//xAAfEQACAQIHAAAAAAAAAAAAAAAAARECAwQFEhMUMVH/2gAIAQIBAT8B',
      'y2nVZc9o5VRhFF2PTaR//8QAHBAAAQQDAQAAAAAAAAAAAAAAAQACEBEDEjFB/9oACAEBAAY/AthVo43wW+K29j//xAAc',
      'EAEAAgEFAAAAAAAAAAAAAAABABEhMUFhcZH/2gAIAQEAAT8hK4UuOjxdBOWIc7iIyrVOvyf/2gAMAwEAAgADAAAAEFAu',
      '/8QAGxEAAgIDAQAAAAAAAAAAAAAAAAEhYRExgfD/2gAIAQMBAT8QzfueC1+6Qck0VH//xAAdEQACAgEFAAAAAAAAAAAA',
      'AAAAASExEWGh0eHw/9oACAECAQE/EHo2IPeOxTlpJNR7cH//xAAhEAABAgQHAAAAAAAAAAAAAAABABEhUWHRMUFxgZGh',
      '4f/aAAgBAQABPxAH8SADPVCKEXQzNdumVHz4n1gtTg9kUYAh08Lqqr//2Q==',
    ].join(''),
    sha256: '345c64e8119872e65081d05a0c577f40a26b7cf7e809041ed8b70f43ada31777',
  },
  {
    name: 'gray',
    file: [
      '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAUDBAQEAwUEBAQFBQUGBwwIBwcHBw8LCwkMEQ8SEhEPERETFhwXExQaFRER',
      'GCEYGh0dHx8fExciJCIeJBweHx7/wAALCAAMABEBAREA/8QAFgABAQEAAAAAAAAAAAAAAAAABgcE/8QAKBAAAQIEBAYD',
      'AQAAAAAAAAAAAQIDAAQFIQYREjEHFkFRYZFTkuHw/9oACAEBAAA/AEmM2qdWsINzssGS+2jUUgbm3U/1xALhNiByaqTt',
      'DqSkqQF6EoJz3Pk36b9xlFc5DoXyJ9/kSThxVZxyZmZFbgLKdaRmL21X8G3SNWIKVJ07Frk1KoKHQoKztc5jf2YXcw1H',
      'u19Y/9k=',
    ].join(''),
    sha256: 'cf54aa14d7a0356cf95f402e415135b6710c13ac559720944f7fe848fd1fe34b',
  },
]
const bytesOf = (file: string): Uint8Array => Uint8Array.from(Buffer.from(file, 'base64'))

describe('JPEG by libjpeg', () => {
  test.each(CASES)('is to the byte what Pillow and torchvision read: $name', ({ file, sha256 }) => {
    const { width, height, pixels } = decodeImage(bytesOf(file))
    expect([width, height]).toEqual([17, 12])
    expect(createHash('sha256').update(pixels).digest('hex')).toBe(sha256)
  })

  test('refuses a broken file in its own words, and reads the next one all the same', () => {
    const whole = bytesOf(CASES[0]!.file)
    const broken = whole.slice()
    // the first table of codes promises more of them than there are
    const table = broken.findIndex((byte, i) => byte === 0xff && broken[i + 1] === 0xc4)
    broken.fill(0xee, table + 5, table + 21)
    expect(() => decodeJpeg(broken)).toThrow(/\w/)
    expect(() => decodeImage(broken)).toThrow(ImageError)
    expect(decodeJpeg(whole).width).toBe(17)
  })

  test('takes no memory for sizes that a file can not hold', () => {
    const absurd = bytesOf(CASES[2]!.file).slice()
    const frame = absurd.findIndex((byte, i) => byte === 0xff && absurd[i + 1] === 0xc0)
    absurd.fill(0xff, frame + 5, frame + 9)
    expect(() => decodeImage(absurd)).toThrow(/65535 x 65535 pixels are too many/)
  })
})
