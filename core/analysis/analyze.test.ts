import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { kinds } from '../layers/index.ts'
import { createDocument } from '../network/document.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { analyze } from './analyze.ts'
import { type Item, net } from './fixtures.ts'

const input = (c: number, h: number, w: number): Item => ['in', 'input', { shape: [c, h, w] }]
const codes = (document: NetworkDocument) =>
  analyze(document).issues.map((issue) => `${issue.code} ${issue.layer}`)
const report = (document: NetworkDocument, id: string) => analyze(document).layers.get(id)!

describe('counting', () => {
  it('adds up layers, memory and depth along the longest path', () => {
    const document = net(
      input(3, 8, 8),
      ['a', 'conv2d', { filters: 4 }],
      ['b', 'conv2d', { filters: 4, kernel: [1, 1] }],
      ['short', 'conv2d', { filters: 4, kernel: [1, 1] }, ['in']],
      ['sum', 'add', {}, ['b', 'short']],
      ['flat', 'flatten'],
      ['out', 'dense', { units: 10 }],
    )
    const { totals, order, input: shape, output, issues } = analyze(document)
    expect(issues).toEqual([])
    expect([shape, output]).toEqual([[3, 8, 8], [10]])
    expect(order.at(0)).toBe('in')
    expect(order.at(-1)).toBe('out')
    expect(totals).toMatchObject({
      trainable: 112 + 20 + 16 + 2570,
      macs: 64 * (4 * 27 + 4 * 4 + 4 * 3) + 2560,
      depth: 3,
      activationBytes: 4 * (192 + 5 * 256 + 10),
      receptiveField: [3, 3],
    })
  })

  it('counts a depthwise convolution as depth, and no norm or scale a channel', () => {
    const document = net(
      input(1, 8, 8),
      ['s', 'subsampling'],
      ['d', 'depthwise-conv2d'],
      ['b', 'batchnorm'],
      ['l', 'layernorm'],
      ['flat', 'flatten'],
      ['out', 'dense'],
    )
    expect(analyze(document).totals.depth).toBe(2)
    expect(analyze(document).totals).toMatchObject({ trainable: 2 + 10 + 2 + 32 + 17 * 128, nonTrainable: 2 })
  })

  it('analyses a document once and measures only what changed', () => {
    const document = net(input(1, 8, 8), ['a', 'conv2d'], ['b', 'conv2d'])
    expect(analyze(document)).toBe(analyze(document))
    const renamed = { ...document, layers: document.layers.map((l) => ({ ...l, name: `${l.name}!` })) }
    expect(report(renamed, 'a')).toEqual({ ...report(document, 'a'), name: 'a!' })
    const smaller = {
      ...document,
      layers: document.layers.with(0, { ...document.layers[0]!, params: { shape: [2, 4, 4] } }),
    }
    expect(report(smaller, 'b').outputShape).toEqual([32, 4, 4])
    expect(report(smaller, 'a').trainable).toBe(32 * 19)
  })

  it('measures, after an edit among 1,000 layers, no more than what the edit reaches', () => {
    const items: Item[] = [input(8, 16, 16)]
    for (let i = 0; i < 333; i++)
      items.push(
        [`c${i}`, 'conv2d', { filters: 8 }],
        [`r${i}`, 'relu'],
        [`a${i}`, 'add', {}, [`r${i}`, items.at(-1)![0]]],
      )
    const document = net(...items)
    const shapesOf = ['input', 'conv2d', 'relu', 'add'].map((name) =>
      vi.spyOn(kinds.find(({ kind }) => kind === name)!, 'inferShape'),
    )
    const measured = (network: NetworkDocument) => {
      for (const spy of shapesOf) spy.mockClear()
      expect(analyze(network).issues).toEqual([])
      return shapesOf.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
    }
    expect(measured(document)).toBeGreaterThanOrEqual(1000)
    expect(measured(document)).toBe(0)
    const edited = (name: string, params: Record<string, unknown>) => ({
      ...document,
      layers: document.layers.map((layer) => (layer.id === name ? { ...layer, params } : layer)),
    })
    // as large as before, so that nothing behind it changes
    const again = measured(edited('c100', { filters: 8, bias: false }))
    expect(again).toBeGreaterThan(0)
    expect(again).toBeLessThan(10)
    vi.restoreAllMocks()
  })
})

describe('receptive field', () => {
  it('of three 3×3 convolutions is that of one 7×7', () => {
    const document = net(input(1, 16, 16), ['a', 'conv2d'], ['b', 'conv2d'], ['c', 'conv2d'])
    expect(report(document, 'c').receptiveField).toEqual([7, 7])
  })

  it('grows with stride and dilation', () => {
    const document = net(
      input(3, 64, 64),
      ['a', 'conv2d', { kernel: [7, 7], stride: [2, 2] }],
      ['p', 'maxpool2d', { kernel: [3, 3], padding: 'same' }],
      ['b', 'conv2d', { kernel: [3, 5], dilation: [2, 1] }],
    )
    expect(report(document, 'p')).toMatchObject({ receptiveField: [11, 11], stride: [4, 4] })
    expect(report(document, 'b')).toMatchObject({ receptiveField: [27, 27], stride: [4, 4] })
  })

  it('of branches is what they see together, padding counted', () => {
    const pads = { kernel: [2, 2], padding: 'explicit' }
    const document = net(
      input(1, 8, 8),
      ['before', 'conv2d', { ...pads, pads: [1, 0, 1, 0] }, ['in']],
      ['after', 'conv2d', { ...pads, pads: [0, 1, 1, 0] }, ['in']],
      ['sum', 'add', {}, ['before', 'after']],
    )
    expect(report(document, 'sum').receptiveField).toEqual([3, 2])
  })

  it('of concatenated branches reaches from the first place any of them sees to the last', () => {
    // around place 0: 1x1 sees 0; 5x5 sees -2 to 2; 3x3 three apart, padded behind alone, sees 0, 3 and 6
    const document = net(
      input(2, 12, 12),
      ['one', 'conv2d', { filters: 3, kernel: [1, 1] }, ['in']],
      ['five', 'conv2d', { filters: 4, kernel: [5, 5] }, ['in']],
      ['far', 'conv2d', { filters: 5, dilation: [3, 3], padding: 'explicit', pads: [0, 6, 0, 6] }, ['in']],
      ['all', 'concat', {}, ['one', 'five', 'far']],
      ['p', 'maxpool2d', { kernel: [3, 3], stride: [2, 2] }],
      ['next', 'conv2d', { filters: 1 }],
    )
    expect(report(document, 'far').receptiveField).toEqual([7, 7])
    // -2 to 6; two more through the pooling; two places of 2 pixels more through the last
    expect(report(document, 'all')).toMatchObject({ outputShape: [12, 12, 12], receptiveField: [9, 9] })
    expect(report(document, 'p')).toMatchObject({ receptiveField: [11, 11], stride: [2, 2] })
    expect(report(document, 'next')).toMatchObject({ outputShape: [1, 5, 5], receptiveField: [15, 15] })
  })

  it('counts what rounding up adds, and dilation over uneven padding', () => {
    const document = net(
      input(1, 7, 7),
      ['p', 'maxpool2d', { kernel: [2, 2], stride: [2, 2], ceil: true }],
      ['c', 'conv2d', { filters: 2, dilation: [2, 2], padding: 'explicit', pads: [0, 1, 2, 0] }],
    )
    // ceil(5 / 2) + 1 = 4 places, the last with one row of its window outside
    expect(report(document, 'p')).toMatchObject({ outputShape: [1, 4, 4], receptiveField: [2, 2] })
    // windows of 5 over 4 + 1 rows and 4 + 2 columns; 2 + 4 places of 2 pixels = 10
    expect(report(document, 'c')).toMatchObject({
      outputShape: [2, 1, 2],
      receptiveField: [10, 10],
      trainable: 2 * 9 + 2,
      macs: 2 * 2 * 9,
      activationBytes: 4 * 4,
    })
  })

  it('of one and three axes grows along each', () => {
    const sound = net(
      ['in', 'input', { shape: [1, 32_000] }],
      ['a', 'conv1d', { kernel: [80], stride: [4], padding: 'valid' }],
      ['p', 'maxpool1d', { kernel: [4], stride: [4] }],
      ['b', 'conv1d', { kernel: [3] }],
    )
    expect(report(sound, 'b')).toMatchObject({ receptiveField: [80 + 3 * 4 + 2 * 16], stride: [16] })
    const clip = net(
      ['in', 'input', { shape: [3, 8, 16, 16] }],
      ['a', 'conv3d'],
      ['p', 'maxpool3d', { kernel: [1, 2, 2], stride: [1, 2, 2] }],
      ['b', 'conv3d'],
    )
    expect(report(clip, 'b')).toMatchObject({ receptiveField: [5, 8, 8], stride: [1, 2, 2] })
  })

  it('counts the pixels a place sees at most, where maps are enlarged', () => {
    const enlarged = (...items: Item[]) => {
      const document = net(input(1, 8, 8), ...items)
      const { receptiveField, stride } = report(document, items.at(-1)![0])
      return [receptiveField![0], stride![0]]
    }
    expect(enlarged(['u', 'upsample'])).toEqual([1, 0.5])
    expect(enlarged(['u', 'upsample'], ['c', 'conv2d'])).toEqual([2, 0.5])
    expect(enlarged(['u', 'upsample'], ['c', 'conv2d', { kernel: [5, 5] }])).toEqual([3, 0.5])
    expect(enlarged(['u', 'upsample', { interpolation: 'linear' }])).toEqual([2, 0.5])
    expect(enlarged(['u', 'upsample', { scale: 3, interpolation: 'linear' }])).toEqual([2, 0.333333333])
    const transposed = { kernel: [4, 4], stride: [2, 2], padding: 'explicit', pads: [1, 1, 1, 1] }
    expect(enlarged(['t', 'transposed-conv2d', transposed])).toEqual([2, 0.5])
    expect(enlarged(['t', 'transposed-conv2d', { stride: [2, 2] }])).toEqual([2, 0.5])
    const back = ['p', 'maxpool2d', { kernel: [3, 3], stride: [3, 3] }] as const
    expect(enlarged(['u', 'upsample', { scale: 3 }], back)).toEqual([1, 1])
  })

  it('of a place that sees everything is the whole map', () => {
    const document = net(input(1, 9, 8), ['a', 'conv2d'], ['g', 'global-avgpool', { keep: true }])
    expect(report(document, 'g').receptiveField).toEqual([11, 10])
  })

  it('ends where axes are mixed', () => {
    const document = net(input(4, 4, 4), ['r', 'reshape', { shape: [4, 2, 8] }], ['c', 'conv2d'])
    expect(report(document, 'r').receptiveField).toBeNull()
    expect(report(document, 'c').receptiveField).toBeNull()
  })

  it('ends where the spatial axes do', () => {
    const document = net(input(1, 8, 8), ['flat', 'flatten'], ['out', 'dense'])
    expect(report(document, 'flat')).toMatchObject({ receptiveField: null, stride: null })
    expect(report(document, 'out').receptiveField).toBeNull()
  })
})

describe('problems', () => {
  it('names an input that is missing, and says nothing of the layers behind it', () => {
    const document = net(input(1, 8, 8), ['a', 'conv2d', {}, []], ['b', 'relu'])
    expect(codes(document)).toEqual(['missing-input a', 'no-output undefined'])
    expect(report(document, 'b').outputShape).toBeNull()
  })

  it('says which rank a layer takes, which came, and what to do', () => {
    const document = net(input(1, 8, 8), ['a', 'conv2d'], ['out', 'dense'])
    const [issue] = analyze(document).issues
    expect(issue).toMatchObject({ severity: 'error', code: 'wrong-rank', layer: 'out' })
    expect(issue!.message.en).toBe('out takes a vector [F], but a gives maps [C, H, W]: 32×8×8.')
    expect(issue!.fix!.en).toBe('Put a Flatten layer between them.')
    const reverse = analyze(net(input(1, 8, 8), ['flat', 'flatten'], ['a', 'conv2d'])).issues[0]!
    expect(reverse.fix!.en).toMatch(/before the layer that flattens/)
  })

  it('puts a loop on each layer of it and keeps the rest', () => {
    const document = net(
      input(1, 8, 8),
      ['sum', 'add', {}, ['in', 'b']],
      ['a', 'conv2d'],
      ['b', 'relu'],
      ['tail', 'relu', {}, ['b']],
    )
    expect(codes(document).filter((code) => code.startsWith('cycle'))).toEqual([
      'cycle sum',
      'cycle a',
      'cycle b',
    ])
    expect(analyze(document).order).toEqual(['in', 'tail'])
    expect(analyze(document).layers.size).toBe(5)
  })

  it('keeps an unknown kind as a layer of which nothing is known', () => {
    const document = net(input(1, 8, 8), ['x', 'warp-drive', { speed: 9 }], ['out', 'relu'])
    expect(codes(document)).toContain('unknown-kind x')
    expect(report(document, 'x')).toMatchObject({ kind: 'warp-drive', inputs: ['in'], outputShape: null })
  })

  const cases: [string, NetworkDocument, string][] = [
    ['a bad parameter', net(input(1, 8, 8), ['a', 'conv2d', { filters: -1 }]), 'bad-param a'],
    [
      'an output of no size',
      net(input(1, 4, 4), ['a', 'conv2d', { kernel: [5, 5], padding: 'valid' }]),
      'empty-output a',
    ],
    [
      'rows that no window reads',
      net(input(1, 7, 7), ['a', 'maxpool2d', { kernel: [3, 3], stride: [3, 3] }]),
      'stride-leaves-rest a',
    ],
    [
      'inputs of unequal shape',
      net(input(1, 8, 8), ['a', 'conv2d'], ['s', 'add', {}, ['in', 'a']]),
      'unequal-shapes s',
    ],
    ['one input to add', net(input(1, 8, 8), ['s', 'add']), 'missing-input s'],
    [
      'two wires into one port',
      net(input(1, 8, 8), ['a', 'relu'], ['b', 'relu', {}, ['in', 'a']]),
      'port-full b',
    ],
    ['a wire into an input', net(['a', 'relu', {}, []], ['in', 'input', {}, ['a']]), 'unknown-port in'],
    ['no input layer', net(['a', 'relu', {}, []]), 'no-input undefined'],
    ['two input layers', net(input(1, 8, 8), ['in2', 'input'], ['a', 'relu']), 'many-inputs in2'],
    ['two ends', net(input(1, 8, 8), ['a', 'relu'], ['b', 'relu', {}, ['in']]), 'many-outputs b'],
    ['an input alone', net(input(1, 8, 8)), 'no-output undefined'],
  ]
  it.each(cases)('%s', (_what, document, code) => {
    expect(codes(document)).toContain(code)
  })

  it('names that stand twice, and wires to nowhere', () => {
    const document = net(input(1, 8, 8), ['a', 'relu'], ['b', 'relu'])
    const twins = { ...document, layers: document.layers.map((l) => ({ ...l, name: l.kind })) }
    expect(codes(twins)).toEqual(['duplicate-name a', 'duplicate-name b'])
    const cut = { ...document, layers: document.layers.slice(0, 2) }
    expect(codes(cut)).toEqual(['dangling-wire undefined'])
  })

  it('an empty network has none', () => {
    const { issues, output, totals } = analyze(createDocument('empty'))
    expect([issues, output, totals.depth]).toEqual([[], null, 0])
  })
})

const someParams = fc.dictionary(
  fc.constantFrom(
    'filters',
    'kernel',
    'stride',
    'padding',
    'pads',
    'groups',
    'units',
    'table',
    'shape',
    'rate',
    'x',
  ),
  fc.oneof(
    fc.jsonValue(),
    fc.integer({ min: -2, max: 9 }),
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 4 }),
    fc.constantFrom('same', 'valid', 'explicit', Number.NaN, undefined),
    fc.array(fc.array(fc.boolean(), { maxLength: 3 }), { maxLength: 3 }),
  ),
)
const anyDocument = fc
  .tuple(
    fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
        kind: fc.constantFrom(...kinds.map((kind) => kind.kind), 'warp-drive', '__proto__', 'toString'),
        kindVersion: fc.integer({ min: 1, max: 2 }),
        name: fc.constantFrom('one', 'two', 'three'),
        params: fc.oneof(fc.constant({}), someParams),
      }),
      { maxLength: 7 },
    ),
    fc.array(
      fc.tuple(
        fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'nowhere'),
        fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
        fc.constantFrom('in', 'in', 'in', 'side'),
      ),
      { maxLength: 12 },
    ),
  )
  .map(
    ([layers, wires]): NetworkDocument => ({
      ...createDocument('fuzz'),
      layers: layers.map((layer) => ({ ...layer, position: { x: 0, y: 0 } })),
      wires: wires.map(([from, to, port], i) => ({
        id: `w${i}`,
        from: { layer: from, port: 'out' },
        to: { layer: to, port },
      })),
    }),
  )

describe('any document at all', () => {
  it('is analysed without an exception; what is unknown has a reason', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const { layers, issues, totals, output } = analyze(document)
        for (const layer of document.layers) expect(layers.has(layer.id)).toBe(true)
        for (const value of [totals.trainable, totals.macs, totals.connections, totals.activationBytes])
          expect(Number.isFinite(value) && value >= 0).toBe(true)
        for (const { outputShape } of layers.values())
          for (const size of outputShape ?? []) expect(Number.isInteger(size) && size >= 1).toBe(true)
        const errors = issues.filter((issue) => issue.severity === 'error')
        if (output === null && document.layers.length > 0) expect(errors).not.toEqual([])
        for (const { message, fix } of issues)
          for (const sentence of [message, fix]) if (sentence) expect(sentence.ko).toMatch(/[가-힣]/)
      }),
      { numRuns: 1000 },
    )
  })

  it('gives the same analysis when each layer is measured anew', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const first = analyze(document)
        const copy = {
          ...document,
          layers: document.layers.map((layer) => ({ ...layer, params: { ...layer.params } })),
        }
        expect(analyze(copy)).toEqual(first)
        expect(analyze({ ...document })).toEqual(first)
      }),
    )
  })
})
