import { describe, expect, it, test } from 'vitest'
import { changeOf, type Drawn, redraw } from '../../core/data/augment.ts'
import { colorAxes, jitters, shiftAlong } from '../../core/data/colors.ts'
import { prepare } from '../../core/data/transform.ts'
import { apart } from './compare.ts'
import { readGolden } from './read.ts'

const golden = readGolden('augment.safetensors')
const { shape, mean, std } = JSON.parse(golden.metadata.image!) as {
  shape: [number, number, number]
  mean: number[]
  std: number[]
}
const [channels, height, width] = shape
const size = height * width
const image = () => Float32Array.from(golden.array('image').data)
const planesOf = (values: Float32Array) =>
  Array.from({ length: channels }, (_, c) => values.subarray(c * size, (c + 1) * size))

/** In parts of the largest value: float32. */
const CLOSE = 1e-6
/** torchvision's brightness of red is 0.2989 where ITU-R BT.601 says 0.299. */
const OTHER_GRAY = 1.5e-4

describe('colours change as in torchvision', () => {
  const names = golden.names.filter((name) => name.split('/')[0]! in jitters)
  it.each(names)('%s', (name) => {
    const [kind, amount] = name.split('/') as [keyof typeof jitters, string]
    const values = image()
    jitters[kind](Number(amount))(planesOf(values))
    const gray = kind === 'contrast' || kind === 'saturation'
    expect(apart(values, golden.array(name).data)).toBeLessThan(gray ? OTHER_GRAY : CLOSE)
    expect(apart(values, image())).toBeGreaterThan(0.05)
  })
})

test('colours shift along the principal axes of Krizhevsky et al., as NumPy finds them', () => {
  const axes = golden.array('shift.axes').data
  const deviations = Array.from(golden.array('shift.deviations').data)
  const axis = (k: number) => [axes[3 * k]!, axes[3 * k + 1]!, axes[3 * k + 2]!] as const
  const values = image()
  const amounts = Array.from(golden.array('shift.along').data)
  shiftAlong({ axes: [axis(0), axis(1), axis(2)], deviations }, amounts)(planesOf(values))
  expect(apart(values, golden.array('shifted').data)).toBeLessThan(CLOSE)
  // bytes are what data sets hold: their axes are those of the image but for rounding
  const found = colorAxes(
    { shape, pixels: Uint8Array.from(image(), (v) => Math.round(255 * v)) },
    Int32Array.of(0),
  )
  const order = [0, 1, 2].sort((a, b) => found.deviations[a]! - found.deviations[b]!)
  for (const [k, at] of order.entries()) {
    expect(Math.abs(found.deviations[at]! - deviations[k]!)).toBeLessThan(1e-3)
    const cosine = found.axes[at]!.reduce((sum, value, c) => sum + value * axis(k)[c]!, 0)
    expect(Math.abs(cosine)).toBeGreaterThan(0.999)
  }
})

const whole = { left: 0, top: 0, width, height }
const still: Drawn = { x: 0, y: 0, flip: false, angle: 0, part: whole }

/** The image changed, with zeros or its own reflection around. */
function changed(drawn: Partial<Drawn>, outside: number | null = 0): Float32Array {
  const target = new Float32Array(channels * size)
  const change = changeOf({ ...still, ...drawn }, height, width)
  for (const [c, values] of planesOf(image()).entries()) {
    redraw({ values, height, width, outside }, change, target, c * size)
  }
  return target
}

const PADDED = 4

describe('images are cut and turned as in torchvision', () => {
  const cuts = golden.names.filter((name) => /^(part|crop)\//.test(name))
  it.each(cuts)('%s', (name) => {
    const [kind, figures] = name.split('/') as [string, string]
    const [top = 0, left = 0, high = height, wide = width] = figures.split(',').map(Number)
    const drawn =
      kind === 'part'
        ? { part: { top, left, height: high, width: wide } }
        : { x: left - PADDED, y: top - PADDED }
    expect(apart(changed(drawn), golden.array(name).data)).toBeLessThan(CLOSE)
  })

  it('mirrored', () => {
    expect(apart(changed({ flip: true }), golden.array('flip').data)).toBe(0)
  })

  it('with its reflection around', () => {
    expect(apart(changed({ y: 7 - PADDED, x: 1 - PADDED }, null), golden.array('reflected').data)).toBe(0)
  })

  it('turned about the centre', () => {
    const angle = (17 * Math.PI) / 180
    expect(apart(changed({ angle }), golden.array('turned').data)).toBeLessThan(1e-5)
  })
})

test('normalization is that of torchvision', () => {
  const pixels = Uint8Array.from({ length: channels * size }, (_, i) => (i * 37) % 256)
  const write = prepare(
    { source: '', shape, pixels, count: 1 },
    { shape, fit: 'pad', normalization: 'standardize', mean, std },
  )
  const target = new Float32Array(channels * size)
  write(0, target, 0)
  const wanted = Array.from(pixels, (byte, i) => {
    const c = Math.floor(i / size)
    return (byte / 255 - mean[c]!) / std[c]!
  })
  expect(apart(target, wanted)).toBeLessThan(CLOSE)
})
