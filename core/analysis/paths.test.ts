import { describe, expect, it } from 'vitest'
import { presetOf } from '../../presets/index.ts'
import { net } from './fixtures.ts'
import { pathsOf, rangeOf, shareOf, showWays } from './paths.ts'

const binomial = (n: number) => {
  const row = [1n]
  for (let k = 1; k <= n; k++) row.push((row[k - 1]! * BigInt(n - k + 1)) / BigInt(k))
  return row
}

describe('paths', () => {
  it('of 54 modules are 2^54, binomially long, 98.0% of them through 19 to 35', () => {
    const paths = pathsOf(presetOf('resnet-110-cifar')!.build())!
    expect(paths.modules).toBe(54)
    expect(paths.count).toBe(18_014_398_509_481_984n)
    expect(paths.lengths).toEqual(binomial(54))
    expect(paths.mean).toBe(27)
    expect(shareOf(paths, 19, 35)).toBeCloseTo(0.98017, 5)
    expect(rangeOf(paths, 0.95)).toEqual([20, 34])
    expect(shareOf(paths, 0, 54)).toBe(1)
  })

  it('stay exact where no float would: 2^333', () => {
    const paths = pathsOf(presetOf('preact-resnet-1001')!.build())!
    expect(paths.count).toBe(2n ** 333n)
    expect(paths.mean).toBe(166.5)
    // 333 log10 2 = 100.24
    expect(showWays(paths.count)).toBe('1.749 × 10¹⁰⁰')
    expect(showWays(2n ** 54n)).toBe('18,014,398,509,481,984')
  })

  it('count projections as shortcuts, and there are none without an addition', () => {
    expect(pathsOf(presetOf('resnet-50')!.build())!.lengths).toEqual(binomial(16))
    for (const id of ['vgg-d', 'plain-34', 'googlenet', 'densenet-121'])
      expect(pathsOf(presetOf(id)!.build())).toBeNull()
  })

  it('take the filters of one module as one way, and two branches beside a shortcut as two', () => {
    const start = [
      ['in', 'input', { shape: [4, 8, 8] }],
      ['one', 'conv2d', { filters: 2 }, ['in']],
      ['two', 'conv2d', { filters: 2 }, ['in']],
    ] as const
    const joined = net(...start, ['both', 'concat', {}, ['one', 'two']], ['sum', 'add', {}, ['in', 'both']])
    expect(pathsOf(joined)!.lengths).toEqual([1n, 1n])
    const wide = net(
      ['in', 'input', { shape: [4, 8, 8] }],
      ['one', 'conv2d', { filters: 4 }, ['in']],
      ['two', 'conv2d', { filters: 4 }, ['in']],
      ['sum', 'add', {}, ['in', 'one', 'two']],
      ['again', 'conv2d', { filters: 4 }],
      ['end', 'add', {}, ['sum', 'again']],
    )
    // (1 + 2x)(1 + x)
    expect(pathsOf(wide)!.lengths).toEqual([1n, 3n, 2n])
    // equally deep branches that are added are no residual module
    const even = net(...start, ['sum', 'add', {}, ['one', 'two']])
    expect(pathsOf(even)).toBeNull()
  })
})
