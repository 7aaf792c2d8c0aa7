import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AxisRule,
  axisOf,
  namePlaces,
  resolveTransposed,
  resolveWindow,
  unreadPlaces,
} from './window.ts'
import { checkPoolWindow, checkWindow } from './window-check.ts'

const anyRule: fc.Arbitrary<AxisRule> = fc.record({
  kernel: fc.integer({ min: 1, max: 7 }),
  stride: fc.integer({ min: 1, max: 5 }),
  dilation: fc.integer({ min: 1, max: 3 }),
  padding: fc.constantFrom('same', 'valid', 'explicit'),
  before: fc.integer({ min: 0, max: 4 }),
  after: fc.integer({ min: 0, max: 4 }),
  ceil: fc.boolean(),
})
const anySize = fc.integer({ min: 1, max: 30 })

/** Begins of windows by walking, without the arithmetic under test. */
function walk(size: number, rule: AxisRule): number[] {
  const extent = rule.dilation! * (rule.kernel - 1) + 1
  const before = rule.padding === 'explicit' ? rule.before! : 0
  const after = rule.padding === 'explicit' ? rule.after! : 0
  const begins: number[] = []
  for (let at = -before; at + extent <= size + after; at += rule.stride) begins.push(at)
  if (rule.ceil) {
    const next = begins.length > 0 ? begins.at(-1)! + rule.stride : -before
    // less than a step hangs over the end
    const over = next + extent - (size + after)
    if (over > 0 && over < rule.stride && next < size) begins.push(next)
  }
  return begins
}

describe('window arithmetic', () => {
  const known: [string, number, AxisRule, number][] = [
    ['C1 of LeNet-5', 32, { kernel: 5, stride: 1, padding: 'valid' }, 28],
    ['conv1 of AlexNet', 227, { kernel: 11, stride: 4, padding: 'valid' }, 55],
    ['conv1 of ResNet', 224, { kernel: 7, stride: 2, padding: 'explicit', before: 3, after: 3 }, 112],
    ['pool1 of GoogLeNet', 112, { kernel: 3, stride: 2, padding: 'valid', ceil: true }, 56],
    ['same with stride', 7, { kernel: 3, stride: 2, padding: 'same' }, 4],
    ['dilated', 9, { kernel: 3, stride: 1, dilation: 2, padding: 'valid' }, 5],
    ['pool5 of C3D on one frame', 1, { kernel: 2, stride: 2, padding: 'valid', ceil: true }, 1],
    ['hangs over by a step', 1, { kernel: 3, stride: 2, padding: 'valid', ceil: true }, 0],
    ['does not fit', 5, { kernel: 7, stride: 1, padding: 'valid' }, -1],
  ]
  it.each(known)('%s', (_name, size, rule, output) => {
    expect(axisOf(size, rule).output).toBe(output)
  })

  it('finds as many places as walking does', () => {
    fc.assert(
      fc.property(anySize, anyRule, (size, rule) => {
        fc.pre(rule.padding !== 'same')
        expect(Math.max(axisOf(size, rule).output, 0)).toBe(walk(size, rule).length)
      }),
    )
  })

  it('gives padding with which plain floor arithmetic comes to the same output', () => {
    fc.assert(
      fc.property(anySize, anyRule, (size, rule) => {
        const { output, before, after, overhang, extent } = axisOf(size, rule)
        fc.pre(output >= 1)
        expect(Math.floor((size + before + after - extent) / rule.stride) + 1).toBe(output)
        expect(overhang).toBeGreaterThanOrEqual(0)
        expect(overhang).toBeLessThan(rule.stride)
      }),
    )
  })

  it('same padding gives ceil(size / stride) places and splits evenly, more behind', () => {
    fc.assert(
      fc.property(anySize, anyRule, (size, rule) => {
        const { output, before, after } = axisOf(size, { ...rule, padding: 'same' })
        expect(output).toBe(Math.ceil(size / rule.stride))
        expect(after - before === 0 || after - before === 1).toBe(true)
      }),
    )
  })

  it('knows exactly which places no window reads', () => {
    fc.assert(
      fc.property(anySize, anyRule, (size, rule) => {
        const { output, before } = axisOf(size, rule)
        const read = new Set<number>()
        for (let o = 0; o < output; o++)
          for (let k = 0; k < rule.kernel; k++) read.add(o * rule.stride + k * rule.dilation! - before)
        const expected = Array.from({ length: size }, (_, i) => i).filter((i) => !read.has(i))
        expect(unreadPlaces(size, rule)).toEqual(expected)
      }),
    )
  })
})

describe('transposed windows', () => {
  it('belong to the convolution that leads back', () => {
    fc.assert(
      fc.property(anySize, anyRule, (size, rule) => {
        const params = {
          kernel: [rule.kernel],
          stride: [rule.stride],
          dilation: [rule.dilation!],
          padding: rule.padding,
          pads: [rule.before!, rule.after!],
        }
        const { output, window } = resolveTransposed(params, [size])
        fc.pre(output[0]! >= 1)
        expect(resolveWindow(params, output).output).toEqual([size])
        expect(resolveWindow(params, output).window).toEqual(window)
        if (rule.padding === 'same') expect(output).toEqual([size * rule.stride])
      }),
    )
  })
})

describe('what a window layer says', () => {
  it('names the lost row and column of a 7×7 input under a 3×3 filter with stride 3', () => {
    const said = checkWindow({ kernel: [3, 3], stride: [3, 3] }, [7, 7])
    expect(said.map((issue) => [issue.severity, issue.code, issue.param])).toEqual([
      ['warning', 'stride-leaves-rest', 'stride'],
      ['warning', 'stride-leaves-rest', 'stride'],
    ])
    expect(said[0]!.message.en).toBe(
      'Row 7 of 7 is never read: a window of 3 moving by 3 does not come out even.',
    )
    expect(said[1]!.message.en).toMatch(/^Column 7 of 7 is never read/)
  })

  it('says when a window does not fit', () => {
    const [issue] = checkWindow({ kernel: [7, 7], stride: [1, 1] }, [5, 5])
    expect(issue).toMatchObject({ severity: 'error', code: 'empty-output', param: 'kernel' })
    expect(issue!.message.en).toMatch(/A 7×7 window does not fit in 5×5/)
  })

  it('says so when the stride jumps over places', () => {
    const [issue] = checkWindow({ kernel: [1, 1], stride: [2, 2] }, [8, 8])
    expect(issue!.message.en).toMatch(/^Rows 2, 4, 6, 8 of 8 are never read: a stride of 2 jumps over them/)
  })

  it('calls the places of a sequence and of a volume by their names', () => {
    const sentences = (kernel: number[], sizes: number[]) =>
      checkWindow({ kernel, stride: kernel }, sizes).map(({ message }) => [
        message.en.slice(0, 14),
        message.ko.slice(0, 22),
      ])
    expect(sentences([2], [5])).toEqual([['Place 5 of 5 i', '전체 5개 중 5번 위치를 읽지 않습니다']])
    expect(sentences([2, 2, 2], [5, 7, 9])).toEqual([
      ['Slice 5 of 5 i', '전체 5개 중 5번 단면을 읽지 않습니다'],
      ['Row 7 of 7 is ', '전체 7개 중 7번 행을 읽지 않습니다:'],
      ['Column 9 of 9 ', '전체 9개 중 9번 열을 읽지 않습니다:'],
    ])
  })

  it('is silent when all is read', () => {
    expect(checkWindow({ kernel: [3, 3], stride: [2, 2], padding: 'same' }, [7, 7])).toEqual([])
  })

  it('refuses pooling windows that lie on padding alone', () => {
    const params = { kernel: [2, 2], stride: [2, 2], padding: 'explicit', pads: [0, 2, 0, 0] } as const
    expect(checkPoolWindow(params, [8, 8])).toMatchObject([{ severity: 'error', code: 'padding-too-wide' }])
  })
})

it('writes places as ranges counted from 1', () => {
  expect(namePlaces([6])).toEqual({ en: '7', ko: '7번' })
  expect(namePlaces([4, 5, 6]).en).toBe('5-7')
  expect(namePlaces([1, 3, 5, 7, 9])).toEqual({ en: '2, 4, 6 ... (5 in all)', ko: '2, 4, 6번 등 5개' })
})
