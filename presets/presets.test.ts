import { describe, expect, it } from 'vitest'
import { analyze } from '../core/analysis/analyze.ts'
import { inputTransformOf, kindOf, resolveParams } from '../core/layers/index.ts'
import { parseDocument, serializeDocument } from '../core/network/document.ts'
import { recipeSchema } from '../core/network/schema.ts'
import { network } from './builder.ts'
import { presetOf, presets } from './index.ts'
import { lenet5 } from './lenet5.ts'
import { lenet5Modern } from './lenet5-modern.ts'

describe.each(presets.map((preset) => [preset.id, preset] as const))('%s', (id, preset) => {
  const document = preset.build()
  const analysis = analyze(document)

  it('is a network without a problem but for pixels that its paper leaves out', () => {
    const problems = analysis.issues.filter((issue) => issue.severity !== 'info')
    const left = problems.filter((issue) => issue.code !== 'stride-leaves-rest')
    expect(left).toEqual([])
    expect(analysis.layers.size).toBe(document.layers.length)
    expect(document.preset).toEqual({ id })
    expect(recipeSchema.safeParse(document.recipe).success).toBe(true)
  })

  it('is built anew each time and survives saving', () => {
    expect(preset.build()).toEqual(document)
    expect(preset.build().layers[0]).not.toBe(document.layers[0])
    expect(parseDocument(serializeDocument(document))).toEqual(document)
  })

  it('writes down only parameters that its kinds have', () => {
    const issues = document.layers.flatMap((layer) => resolveParams(kindOf(layer.kind)!, layer.params).issues)
    expect(issues).toEqual([])
  })

  it('is laid out with room for nodes and the shapes on wires, and blocks hold layers', () => {
    const places = document.layers.map((layer) => `${layer.position.x}, ${layer.position.y}`)
    expect(new Set(places).size).toBe(places.length)
    expect(document.layers.every(({ position: { x, y } }) => x % 212 === 0 && y % 40 === 0)).toBe(true)
    const groups = new Set(document.groups.map((group) => group.id))
    const named = [...document.layers.map((layer) => layer.group), ...document.groups.map((g) => g.parent)]
    expect(named.every((group) => group === undefined || groups.has(group))).toBe(true)
  })
})

it('warns of skipped pixels where a paper skips them, and not where a branch beside reads them', () => {
  const warned = presets
    .filter((preset) => analyze(preset.build()).issues.some((issue) => issue.severity !== 'info'))
    .map((preset) => preset.id)
  // the stride of v1 bottlenecks is in the first 1x1 as in the shortcut; M5 pools 7,981 by 4
  const first1x1 = ['resnet-50', 'resnet-101', 'resnet-152', 'preact-resnet-164', 'preact-resnet-1001']
  expect(warned).toEqual([...first1x1, 'm5'])
  expect(analyze(presetOf('resnet-50')!.build({ stride: '3x3' })).issues).toEqual([])
})

describe('the list', () => {
  it('is sorted by year, without repeats, every family under one title', () => {
    const years = presets.map((preset) => preset.year)
    expect(years).toEqual(years.toSorted((a, b) => a - b))
    const ids = presets.map((preset) => preset.id)
    expect(new Set(ids).size).toBe(ids.length)
    const titles = new Set(presets.map((preset) => `${preset.family.id} ${preset.family.title.en}`))
    expect(titles.size).toBe(new Set(presets.map((preset) => preset.family.id)).size)
    expect(presetOf('lenet5')).toBe(lenet5)
    expect(presetOf('lenet6')).toBeUndefined()
  })

  it('builds the deepest network fast', () => {
    const deepest = presetOf('preact-resnet-1001')!
    const begun = performance.now()
    expect(deepest.build().layers).toHaveLength(3_339)
    expect(performance.now() - begun).toBeLessThan(1000)
  })
})

/** Parameters (trainable) and connections of every layer, from section II.B of the paper. */
const LENET5 = {
  input: [[1, 32, 32], 0, 0],
  c1: [[6, 28, 28], 156, 122_304],
  s2: [[6, 14, 14], 12, 5_880],
  c3: [[16, 10, 10], 1_516, 151_600],
  s4: [[16, 5, 5], 32, 2_000],
  c5: [[120, 1, 1], 48_120, 48_120],
  f6: [[84], 10_164, 10_164],
  output: [[10], 0, 840],
} as const

describe('lenet5', () => {
  const document = lenet5.build()
  const { layers } = analyze(document)

  it('has the shape, parameters and connections of the paper in every layer', () => {
    const weighted = [...layers.values()].filter((layer) => layer.name in LENET5)
    expect(
      Object.fromEntries(weighted.map((l) => [l.name, [l.outputShape, l.trainable, l.connections]])),
    ).toEqual(LENET5)
    const others = [...layers.values()].filter((layer) => !(layer.name in LENET5))
    expect(others.every((layer) => layer.trainable === 0 && layer.connections === 0)).toBe(true)
  })

  it('connects C3 to S2 as table I says', () => {
    const c3 = document.layers.find((layer) => layer.name === 'c3')!
    const { params } = resolveParams(kindOf('partial-conv2d')!, c3.params)
    const rows = params.table as readonly (readonly boolean[])[]
    const columns = rows[0]!.map((_, column) =>
      rows.map((row, map) => (row[column] ? `${map}` : '')).join(''),
    )
    expect(columns.join(' ')).toBe(
      '012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345',
    )
  })

  it('squashes after every layer up to F6 with 1.7159 tanh(2x/3), and pads digits with background', () => {
    const squashed = document.wires
      .filter((wire) => document.layers.find((l) => l.id === wire.to.layer)!.kind === 'scaled-tanh')
      .map((wire) => document.layers.find((l) => l.id === wire.from.layer)!.name)
    expect(squashed).toEqual(['c1', 's2', 'c3', 's4', 'c5', 'f6'])
    const { params } = resolveParams(kindOf('scaled-tanh')!, {})
    expect(params).toEqual({ amplitude: 1.7159, slope: 2 / 3 })
    expect(inputTransformOf(document)).toEqual({ shape: [1, 32, 32], fit: 'pad', normalization: 'lenet' })
  })
})

it('lenet5-modern has the usual counts in every layer', () => {
  const reports = [...analyze(lenet5Modern.build()).layers.values()]
  const counts = reports.filter((layer) => layer.trainable > 0).map((layer) => [layer.name, layer.trainable])
  expect(counts).toEqual([
    ['conv1', 156],
    ['conv2', 2_416],
    ['fc1', 48_120],
    ['fc2', 10_164],
    ['output', 850],
  ])
})

describe('the builder', () => {
  it('wires branches, lays columns out by distance, and breaks rows', () => {
    const net = network('branches')
    const start = net.add('input', 'in')
    const left = net.add('conv2d', 'left', { filters: 4 })
    const right = net.add('conv2d', 'right', { filters: 8 }, start)
    net.add('concat', 'both', {}, [left, right])
    for (let i = 0; i < 4; i++) net.add('relu', `relu${i}`)
    const document = net.build()
    expect(analyze(document).issues).toEqual([])
    expect(analyze(document).output).toEqual([12, 28, 28])
    const at = (name: string) => document.layers.find((layer) => layer.name === name)!.position
    expect(at('left').x).toBe(at('right').x)
    expect(at('right').y).toBeGreaterThan(at('left').y)
    expect(at('both').x).toBeGreaterThan(at('left').x)
    expect(at('relu2').x).toBe(at('in').x)
    expect(at('relu2').y).toBeGreaterThan(at('right').y)
  })

  it('keeps the lane of a shortcut free, so that it runs straight', () => {
    const document = presetOf('resnet-20-cifar')!.build()
    const at = (name: string) => document.layers.find((layer) => layer.name === name)!.position
    expect(at('conv2_1-add').y).toBe(at('conv1-relu').y)
    expect(at('conv2_1a').y).toBeGreaterThan(at('conv1-relu').y)
  })

  it('nests blocks', () => {
    const net = network('blocks')
    net.add('input', 'in')
    net.group('outer', () => net.group('inner', () => net.add('relu', 'a')))
    net.add('relu', 'b')
    const { groups, layers } = net.build()
    const [outer, inner] = groups
    expect(groups).toMatchObject([{ name: 'outer' }, { name: 'inner', parent: outer!.id }])
    expect(layers.map((layer) => layer.group)).toEqual([undefined, inner!.id, undefined])
    expect(() => network('empty').last()).toThrow(/no layer yet/)
  })

  it('refuses a name that is taken', () => {
    const net = network('twins')
    net.add('input', 'in')
    expect(() => net.add('relu', 'in')).toThrow(/two layers of "twins" are called "in"/)
  })

  it('does not compile with a misspelt kind or parameter', () => {
    const net = network('types')
    net.add('input', 'in')
    // @ts-expect-error the parameter is called filters
    net.add('conv2d', 'a', { filter: 6 })
    // @ts-expect-error there is no such padding
    net.add('conv2d', 'b', { padding: 'sane' })
    // @ts-expect-error a kernel has one entry an axis
    net.add('conv2d', 'c', { kernel: 5 })
    expect(analyze(net.build()).issues.map((issue) => issue.code)).toContain('unknown-param')
  })
})
