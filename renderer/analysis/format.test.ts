import { describe, expect, it } from 'vitest'
import { bytes, clock, count, loss, percent, rate, shape, short, small } from './format.ts'

describe('numbers as shown', () => {
  it('keeps counts exact with separators', () => {
    expect(count(60_000)).toBe('60,000')
    expect(count(340_908)).toBe('340,908')
    expect(count(Number.NaN)).toBe('–')
  })

  it('shortens to four digits only where a count has no room', () => {
    expect([61_706, 326_472, 724_406_208, 15_470_264_320, 1_000_000].map(short)).toEqual([
      '61,706',
      '326.5 k',
      '724.4 M',
      '15.47 G',
      '1 M',
    ])
    expect(short(999_990)).toBe('1 M')
    expect(short(999_940)).toBe('999.9 k')
  })

  it('gives bytes binary prefixes', () => {
    expect([40, 999, 1000, 4096, 196_608, 1_373_634, 4.1 * 2 ** 30].map(bytes)).toEqual([
      '40 B',
      '999 B',
      '0.98 KiB',
      '4 KiB',
      '192 KiB',
      '1.31 MiB',
      '4.1 GiB',
    ])
  })

  it('shows shares, times and rates', () => {
    expect([percent(0.914), percent(1), percent(null), percent(0.98765, 2)]).toEqual([
      '91.4%',
      '100.0%',
      '–',
      '98.77%',
    ])
    expect([clock(4.2), clock(9.97), clock(154), clock(3754), clock(-1)]).toEqual([
      '4.2 s',
      '0:10',
      '2:34',
      '1:02:34',
      '–',
    ])
    expect([rate(9740.4), rate(7.42)]).toEqual(['9,740', '7.4'])
  })

  it('never hides that a loss is not a number', () => {
    expect([loss(0.34321), loss(12.345), loss(1234.5), loss(0.00001234)]).toEqual([
      '0.3432',
      '12.35',
      '1,235',
      '1.23e-5',
    ])
    expect([loss(Number.NaN), loss(null), loss(Number.POSITIVE_INFINITY)]).toEqual(['–', '–', '∞'])
  })

  it('shows small settings as a person would write them', () => {
    expect([0.001, 0.05, 0.0000125, 1e-5, 0].map(small)).toEqual(['0.001', '0.05', '1.25e-5', '1e-5', '0'])
    expect(shape([1, 28, 28])).toBe('1×28×28')
  })
})
