import { describe, expect, it } from 'vitest'
import { presetOf } from '../../../presets/index.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import { analyze } from '../analyze.ts'
import { type Item, net } from '../fixtures.ts'

const input = (...shape: number[]): Item => ['in', 'input', { shape }]
const head: readonly Item[] = [
  ['pool', 'global-avgpool'],
  ['out', 'dense', { units: 10 }],
]
const lessons = (document: NetworkDocument) => analyze(document).issues
const codes = (document: NetworkDocument) => lessons(document).map((issue) => issue.code)

describe('a 1x1 convolution before', () => {
  const wide = (kernel: number, from: number, filters: number, ...before: Item[]) =>
    net(
      input(from, 14, 14),
      ...before,
      ['wide', 'conv2d', { filters, kernel: [kernel, kernel], bias: false }],
      ...head,
    )

  it('saves what the example of the documents says: 5,268,480 for 112,896,000', () => {
    const [lesson, ...others] = lessons(wide(5, 480, 48))
    expect(others.map((issue) => issue.code)).toEqual([])
    expect(lesson).toMatchObject({ code: 'bottleneck-saves', severity: 'info', layer: 'wide' })
    for (const said of Object.values(lesson!.message))
      for (const figure of ['112,896,000', '1,505,280', '3,763,200', '5,268,480', '95%'])
        expect(said).toContain(figure)
    const reduce = lesson!.remedy!.splices![0]!
    expect(reduce).toMatchObject({ before: 'wide', take: [] })
    expect(reduce.put.map(({ kind }) => kind)).toEqual(['conv2d', 'relu'])
    expect(reduce.put[0]!.params).toMatchObject({ filters: 16, kernel: [1, 1] })
  })

  it('is not recommended where one stands already, where few maps come in, or for a dense layer', () => {
    expect(codes(wide(5, 96, 48))).toEqual(['stack-replaces-filter'])
    const reduced: Item[] = [
      ['reduce', 'conv2d', { filters: 240, kernel: [1, 1] }],
      ['norm', 'batchnorm'],
      ['act', 'relu'],
    ]
    expect(codes(wide(5, 480, 48, ...reduced))).toEqual([])
    expect(codes(wide(3, 480, 48, ['act', 'relu']))).toEqual(['bottleneck-saves'])
    const whole = { filters: 48, kernel: [14, 14], padding: 'valid' }
    expect(codes(net(input(480, 14, 14), ['all', 'conv2d', whole], ...head))).toEqual([])
  })
})

describe('a stack of 3x3', () => {
  const big = (params: object, channels = 64) =>
    net(input(channels, 32, 32), ['big', 'conv2d', { filters: 64, bias: false, ...params }], ...head)

  it('has 27 weights for the 49 of a 7x7 with as many maps, and 18 for 25', () => {
    const [seven] = lessons(big({ kernel: [7, 7] }))
    expect(seven).toMatchObject({ code: 'stack-replaces-filter', layer: 'big', param: 'kernel' })
    expect(seven!.message.en).toContain('49 weights for each pair of maps; three 3×3 in a row')
    expect(seven!.message.en).toContain(`${(27 * 4096).toLocaleString('en-US')} parameters instead of`)
    expect(seven!.message.en).toContain((49 * 4096).toLocaleString('en-US'))
    const [five] = lessons(big({ kernel: [5, 5] }))
    expect(five!.message.ko).toContain('73,728')
    expect(five!.remedy!.splices![0]!.put.map(({ kind }) => kind)).toEqual(['conv2d', 'relu', 'conv2d'])
  })

  it('is not recommended where it would hold more, or would not be the same', () => {
    expect(codes(big({ kernel: [7, 7] }, 3))).toEqual([])
    for (const other of [
      { kernel: [7, 5] },
      { kernel: [5, 5], stride: [2, 2] },
      { kernel: [5, 5], dilation: [2, 2] },
      { kernel: [5, 5], groups: 64 },
      { kernel: [5, 5], padding: 'explicit', pads: [2, 2, 1, 1] },
      { kernel: [3, 3] },
      { kernel: [6, 6] },
    ])
      expect([other, codes(big(other))]).toEqual([other, []])
    expect(codes(big({ kernel: [5, 5], padding: 'valid' }))).toEqual(['stack-replaces-filter'])
  })
})

const row = (count: number, ...between: string[]): Item[] =>
  Array.from({ length: count }, (_, i): Item[] => [
    [`c${i}`, 'conv2d', { filters: 4 }],
    ...between.map((kind): Item => [`${kind}${i}`, kind]),
  ]).flat()

describe('depth', () => {
  it('asks for normalization from 12 weighted layers on, and for short ways from 21', () => {
    expect(codes(net(input(3, 8, 8), ...row(10, 'relu'), ...head))).toEqual([])
    const [lesson, ...others] = lessons(net(input(3, 8, 8), ...row(11, 'relu'), ...head))
    expect(lesson).toMatchObject({ code: 'no-normalization', layer: 'c0' })
    expect(lesson!.remedy!.splices).toHaveLength(11)
    expect(others).toEqual([])
    expect(codes(net(input(3, 8, 8), ...row(19, 'batchnorm', 'relu'), ...head))).toEqual([])
    expect(codes(net(input(3, 8, 8), ...row(20, 'batchnorm', 'relu'), ...head))).toEqual(['no-short-path'])
  })

  it('counts the shortest way, not the longest', () => {
    const items: Item[] = [input(4, 8, 8)]
    for (let i = 0; i < 15; i++)
      items.push(
        [`a${i}`, 'conv2d', { filters: 4 }],
        [`b${i}`, 'conv2d', { filters: 4 }],
        [`s${i}`, 'add', {}, [items.at(-1)![0], `b${i}`]],
      )
    expect(analyze(net(...items, ...head)).totals.depth).toBe(31)
    expect(codes(net(...items, ...head))).toEqual([])
  })
})

describe('auxiliary heads', () => {
  const side = (from: string): Item[] => [
    ['side-pool', 'global-avgpool', {}, [from]],
    ['side-fc', 'dense', { units: 10 }],
    ['side', 'auxiliary'],
  ]
  it('are of use where they are nearer than the output, and only there', () => {
    const trunk = row(5, 'relu')
    expect(codes(net(input(3, 8, 8), ...trunk, ...head, ...side('relu2')))).toEqual([])
    const [idle] = lessons(net(input(3, 8, 8), ...trunk, ...head, ...side('relu4')))
    expect(idle).toMatchObject({ code: 'auxiliary-without-use', severity: 'warning', layer: 'side' })
    expect(idle!.remedy!.splices).toEqual([{ take: ['side-pool', 'side-fc', 'side'], put: [] }])
    expect(idle!.message.en).toContain('costs 50 parameters')
  })
})

describe('a recipe with batches of 1', () => {
  const recipe = { optimizer: 'sgd', learningRate: 0.1, epochs: 1 } as const
  it('does not go with batch normalization, least of all of vectors', () => {
    const maps = net(input(3, 8, 8), ['c', 'conv2d'], ['b', 'batchnorm'], ...head)
    expect(codes({ ...maps, recipe: { ...recipe, batch: 8 } })).toEqual([])
    const [lesson] = lessons({ ...maps, recipe: { ...recipe, batch: 1 } })
    expect(lesson).toMatchObject({ code: 'batchnorm-of-one', layer: 'b', remedy: { batch: 32 } })
    expect(lesson!.message.en).toContain('running averages')
    const vector = net(
      input(3, 8, 8),
      ['c', 'conv2d'],
      ['b', 'batchnorm'],
      head[0]!,
      ['v', 'batchnorm'],
      head[1]!,
    )
    const [worst] = lessons({ ...vector, recipe: { ...recipe, batch: 1 } })
    expect(worst).toMatchObject({ layer: 'v' })
    expect(worst!.message.en).toContain('offset alone')
  })
})

describe('a stride that does not fit', () => {
  it('is the documents’ example: 7x7, 3x3, stride 3; and can be mended', () => {
    const conv = { filters: 1, kernel: [3, 3], stride: [3, 3], padding: 'valid' }
    const found = lessons(net(input(1, 7, 7), ['c', 'conv2d', conv], ...head))
    expect(found.map(({ message }) => message.en)).toEqual([
      expect.stringMatching(/^Row 7 of 7 is never read/),
      expect.stringMatching(/^Column 7 of 7 is never read/),
    ])
    expect(found[0]!.remedy!.set).toEqual([{ layer: 'c', params: { padding: 'same' } }])
    const pool = net(input(1, 7, 7), ['p', 'maxpool2d'], ...head)
    expect(lessons(pool)[0]!.remedy!.set).toEqual([{ layer: 'p', params: { ceil: true } }])
    // a 1x1 that jumps reads less whatever its padding
    const jump = net(input(1, 8, 8), ['c', 'conv2d', { kernel: [1, 1], stride: [2, 2] }], ...head)
    expect(lessons(jump).map((issue) => [issue.code, issue.remedy])).toEqual([
      ['stride-leaves-rest', undefined],
      ['stride-leaves-rest', undefined],
    ])
  })
})

describe('the head', () => {
  it('is not blamed where it is small, or where it is not most', () => {
    expect(codes(presetOf('lenet5-modern')!.build())).toEqual([])
    const flat: Item[] = [
      ['flat', 'flatten'],
      ['fc', 'dense', { units: 1000 }],
      ['act', 'relu'],
      ['out', 'dense', { units: 10 }],
    ]
    const [lesson] = lessons(net(input(3, 32, 32), ['c', 'conv2d', { filters: 4 }], ...flat))
    // 4096 * 1000 + 1000 + 1000 * 10 + 10, against 4 * 10 + 10
    expect(lesson).toMatchObject({ code: 'head-holds-most', layer: 'fc' })
    expect(lesson!.fix!.en).toContain('leave 50 of them and save 4,106,960')
    expect(lesson!.remedy!.splices).toEqual([
      { take: ['flat', 'fc', 'act'], put: [{ kind: 'global-avgpool' }] },
    ])
    // without a convolution there are no maps to average
    expect(codes(net(input(3, 32, 32), ...flat))).toEqual([])
  })
})
