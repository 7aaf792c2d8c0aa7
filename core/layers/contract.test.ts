import { describe, expect, it } from 'vitest'
import type { Text } from '../network/text.ts'
import type { Builder, Tensor } from './builder.ts'
import { conv2d } from './conv2d.ts'
import { type AnyKind, kindOf, kinds, problemOf, registry, resolveParams } from './index.ts'
import type { Example } from './kind.ts'
import { product } from './shape.ts'
import { upgradeParams } from './upgrade.ts'

/** What every layer kind must keep to, as far as it shows without an engine; core/engine tests the rest. */

const eachKind = kinds.map((kind) => [kind.kind, kind] as const)
const eachExample = kinds.flatMap((kind) =>
  kind.examples.map((example, i) => [`${kind.kind}, example ${i + 1}`, kind, example] as const),
)
const paramsOf = (kind: AnyKind, example: Example) => {
  const { params, issues } = resolveParams(kind, example.params ?? {})
  expect(issues).toEqual([])
  return params
}

describe('the registry', () => {
  it('is sorted, without repeats, under the names of the kinds', () => {
    const names = kinds.map((kind) => kind.kind)
    expect(names).toEqual([...new Set(names)].sort())
    expect(Object.keys(registry)).toEqual(names)
    for (const kind of kinds) expect(kindOf(kind.kind)).toBe(kind)
    expect(kindOf('warp-drive')).toBeUndefined()
    expect(kindOf('constructor')).toBeUndefined()
  })
})

describe.each(eachKind)('%s', (_name, kind) => {
  it('is identified, drawn and explained', () => {
    expect(kind.kind).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
    expect(Number.isInteger(kind.version) && kind.version >= 1).toBe(true)
    expect(new Set(kind.inputs.map((port) => port.name)).size).toBe(kind.inputs.length)
    expect(kind.examples.length).toBeGreaterThanOrEqual(2)
    if (kind.classesParam) expect(kind.params[kind.classesParam]?.type).toBe('int')
  })

  it('speaks both languages', () => {
    expectWords(kind.title)
    expectSentence(kind.summary)
    for (const spec of Object.values(kind.params)) {
      expectWords(spec.label)
      expectSentence(spec.help!)
      if (spec.type === 'enum') for (const option of spec.options) expectWords(option.label)
      if (spec.type === 'table') for (const name of [spec.rows, spec.columns]) expectWords(name)
    }
    for (const { note } of kind.examples) if (note) expectWords(note)
  })

  it('has defaults that its own specifications accept', () => {
    for (const spec of Object.values(kind.params)) expect(problemOf(spec, spec.default)).toBeNull()
    expect(resolveParams(kind, {}).issues).toEqual([])
  })

  it('has a migration for every version before its own', () => {
    const older = Array.from({ length: kind.version - 1 }, (_, i) => `${i + 1}`)
    expect(Object.keys(kind.migrations ?? {})).toEqual(older)
    for (const version of older)
      expect(resolveParams(kind, upgradeParams(kind, Number(version), {})).issues).toEqual([])
  })

  it('reads every parameter in every facet that should', () => {
    expect(forgottenParams(kind)).toEqual([])
  })
})

describe.each(eachExample)('%s', (_name, kind, example) => {
  it('comes to the figures worked out by hand', () => {
    const params = paramsOf(kind, example)
    const errors = kind.check?.(params, example.inputs).filter((issue) => issue.severity === 'error')
    expect(errors ?? []).toEqual([])
    const output = kind.inferShape(params, example.inputs)
    expect(output).toEqual(example.output)
    const weights = kind.weights?.(params, example.inputs) ?? []
    const count = (trainable: boolean) =>
      weights
        .filter((weight) => (weight.trainable ?? true) === trainable)
        .reduce((sum, weight) => sum + product(weight.shape), 0)
    expect(count(true)).toBe(example.trainable)
    expect(count(false)).toBe(example.nonTrainable ?? 0)
    expect(kind.macs?.(params, example.inputs, output) ?? 0).toBe(example.macs)
    expect(kind.connections?.(params, example.inputs, output) ?? 0).toBe(example.connections ?? 0)
  })

  it('has ports that take the inputs', () => {
    const variadic = kind.inputs.some((port) => port.variadic)
    if (variadic) expect(example.inputs.length).toBeGreaterThanOrEqual(2)
    else expect(example.inputs).toHaveLength(kind.inputs.length)
    for (const [i, port] of kind.inputs.entries())
      if (port.ranks) expect(port.ranks).toContain(example.inputs[i]!.length)
  })

  it('describes weights that can be made', () => {
    const weights = kind.weights?.(paramsOf(kind, example), example.inputs) ?? []
    expect(new Set(weights.map((weight) => weight.name)).size).toBe(weights.length)
    for (const { name, shape, init } of weights) {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/)
      for (const size of shape) expect(Number.isInteger(size) && size >= 1).toBe(true)
      if (init.type === 'values') expect(init.values).toHaveLength(product(shape))
      if (init.type === 'uniform-fan-in' && init.fanIns) expect(init.fanIns).toHaveLength(shape[0]!)
      if ('fanIn' in init) expect(init.fanIn).toBeGreaterThan(0)
      if ('fanOut' in init) expect(init.fanOut).toBeGreaterThan(0)
    }
  })
})

describe('layers that do not fit', () => {
  const cases: [string, object, number[][], string, string | undefined, RegExp][] = [
    ['conv2d', { kernel: [7, 7], padding: 'valid' }, [[3, 5, 5]], 'empty-output', 'kernel', /7×7 .* 5×5/],
    [
      'conv2d',
      { filters: 9, groups: 2 },
      [[4, 8, 8]],
      'groups-do-not-divide',
      'groups',
      /2 groups .* 4 .* 9/,
    ],
    [
      'conv2d',
      { filters: 8, groups: 4 },
      [[6, 8, 8]],
      'groups-do-not-divide',
      'groups',
      /4 groups .* 6 .* 8/,
    ],
    ['maxpool2d', { kernel: [3, 3] }, [[6, 2, 9]], 'empty-output', 'kernel', /3×3 .* 2×9/],
    [
      'avgpool2d',
      { padding: 'explicit', pads: [2, 0, 0, 0] },
      [[6, 8, 8]],
      'padding-too-wide',
      'pads',
      /2 .*height/,
    ],
    ['subsampling', {}, [[6, 1, 1]], 'empty-output', 'kernel', /2×2 .* 1×1/],
    ['partial-conv2d', {}, [[4, 14, 14]], 'channel-mismatch', 'table', /6 rows.* 4 maps/],
    [
      'partial-conv2d',
      { table: [[true, false]] },
      [[1, 9, 9]],
      'map-without-input',
      'table',
      /map 1 sees no/,
    ],
    ['rbf', {}, [[100]], 'wrong-size', undefined, /84 inputs are needed, 100 come in/],
    [
      'add',
      {},
      [
        [3, 8, 8],
        [3, 8, 7],
      ],
      'unequal-shapes',
      undefined,
      /3×8×8.*3×8×7/,
    ],
    [
      'concat',
      {},
      [
        [3, 8, 8],
        [5, 8, 7],
      ],
      'unequal-shapes',
      undefined,
      /3×8×8.*5×8×7/,
    ],
    ['concat', {}, [[3, 8, 8], [5]], 'unequal-shapes', undefined, /3×8×8.* 5/],
    ['multiply', {}, [[3, 8, 8], [2]], 'unequal-shapes', undefined, /: 2 does not fit 3×8×8/],
    [
      'multiply',
      {},
      [
        [3, 8, 8],
        [3, 8],
      ],
      'unequal-shapes',
      undefined,
      /: 3×8 does not fit 3×8×8/,
    ],
    ['conv1d', { kernel: [9], padding: 'valid' }, [[2, 5]], 'empty-output', 'kernel', /A 9 window .* in 5/],
    ['conv3d', { filters: 4, groups: 2 }, [[3, 4, 4, 4]], 'groups-do-not-divide', 'groups', /2 groups .* 3/],
    ['depthwise-conv2d', { padding: 'valid' }, [[3, 2, 4]], 'empty-output', 'kernel', /3×3 .* 2×4/],
    [
      'transposed-conv2d',
      { padding: 'explicit', pads: [3, 3, 0, 0] },
      [[4, 2, 2]],
      'empty-output',
      'pads',
      /reach 4×4 places/,
    ],
    [
      'transposed-conv2d',
      { filters: 8, groups: 4 },
      [[6, 8, 8]],
      'groups-do-not-divide',
      'groups',
      /4 groups .* 6 .* 8/,
    ],
    [
      'maxpool1d',
      { padding: 'explicit', pads: [0, 2] },
      [[2, 5]],
      'padding-too-wide',
      'pads',
      /2 along the length/,
    ],
    [
      'avgpool3d',
      { padding: 'explicit', pads: [2, 0, 0, 0, 0, 0] },
      [[2, 5, 5, 5]],
      'padding-too-wide',
      'pads',
      /2 along the depth/,
    ],
    ['groupnorm', { groups: 3 }, [[4, 8, 8]], 'groups-do-not-divide', 'groups', /3 groups .* 4 channels/],
    ['channel-shuffle', { groups: 3 }, [[4]], 'groups-do-not-divide', 'groups', /3 groups .* 4 channels/],
    ['slice', { begin: 2, count: 3 }, [[4, 8, 8]], 'out-of-range', 'count', /2 to 4 .* there are 4/],
    ['slice', { begin: 4 }, [[4]], 'out-of-range', 'begin', /4 to 4 .* there are 4/],
    [
      'zero-pad-shortcut',
      { channels: 2 },
      [[3, 8, 8]],
      'too-few-channels',
      'channels',
      /3 channels come in.* 2 /,
    ],
    ['reshape', { shape: [5, -1] }, [[3, 4]], 'wrong-size', 'shape', /12 values of 3×4 .* 5×-1/],
    ['reshape', { shape: [-1, -1] }, [[3, 4]], 'wrong-size', 'shape', /12 values/],
    ['reshape', { shape: [0, 4] }, [[3, 4]], 'wrong-size', 'shape', /12 values/],
    ['permute', { order: [1, 3] }, [[3, 4]], 'bad-order', 'order', /1, 3 .* 2 axes/],
    ['permute', {}, [[3, 4]], 'bad-order', 'order', /1, 3, 2 .* 2 axes/],
    [
      'pad2d',
      { amounts: [0, 4, 0, 0], mode: 'reflect' },
      [[1, 4, 9]],
      'padding-too-wide',
      'amounts',
      /4 along the height .* there are 4/,
    ],
  ]
  it.each(cases)('%s %j after %j: %s', (name, raw, inputs, code, param, message) => {
    const kind = kindOf(name)!
    const issues = kind.check!(paramsOf(kind, { params: raw as Example['params'] } as Example), inputs)
    expect(issues).toHaveLength(1)
    expect(issues[0]).toMatchObject({ severity: 'error', code })
    expect(issues[0]!.param).toBe(param)
    expect(issues[0]!.message.en).toMatch(message)
    expectSentence(issues[0]!.message)
    expectSentence(issues[0]!.fix!)
  })
})

it('a kind that forgets its padding in forward, or its stride in receptive, is caught', () => {
  const careless: AnyKind = {
    ...(conv2d as AnyKind),
    receptive: (p) => ({ kernel: p.kernel as number[], stride: [1, 1], padBefore: [0, 0], dilation: [1, 1] }),
    forward: (b, p, [x], w) =>
      b.conv(
        x!,
        w.weight!,
        null,
        {
          kernel: p.kernel as number[],
          stride: p.stride as number[],
          dilation: p.dilation as number[],
          padBefore: [0, 0],
          padAfter: [0, 0],
        },
        p.groups as number,
      ),
  }
  const found = forgottenParams(careless)
  expect(found).toContain('forward forgets padding, which inferShape reads')
  expect(found).toContain('receptive forgets stride')
  expect(found).not.toContain('forward forgets stride, which inferShape reads')
})

/** Read by whoever prepares the pixels, not by the network's own arithmetic. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = { input: ['shape', 'fit', 'normalization'] }
/** What decides where a window looks. */
const PLACING = ['kernel', 'stride', 'padding', 'pads', 'dilation', 'amounts', 'ceil']

/** Which parameters a facet should read and does not, over all examples of a kind. */
function forgottenParams(kind: AnyKind): string[] {
  const read = { inferShape: new Set<string>(), macs: new Set<string>() }
  const computed = new Set<string>()
  const receptive = new Set<string>()
  for (const example of kind.examples) {
    const params = resolveParams(kind, example.params ?? {}).params
    const watch = (reads: Set<string>) =>
      new Proxy(params, {
        get(target, key) {
          if (typeof key === 'string') reads.add(key)
          return Reflect.get(target, key) as (typeof params)[string]
        },
      })
    kind.inferShape(watch(read.inferShape), example.inputs)
    kind.macs?.(watch(read.macs), example.inputs, example.output)
    kind.receptive?.(watch(receptive), example.inputs)
    const weights = kind.weights?.(watch(computed), example.inputs) ?? []
    const tensors = Object.fromEntries(weights.map(({ name, shape }) => [name, { id: 0, shape }]))
    const inputs = example.inputs.length > 0 ? example.inputs : [example.output]
    const batches = inputs.map((shape) => ({ id: 0, shape: [2, ...shape] }))
    kind.auxiliary?.(watch(computed))
    kind.forward(mute, watch(computed), batches, tensors, { training: true, stream: 1 })
  }
  const names = Object.keys(kind.params).filter((name) => !OUTSIDE[kind.kind]?.includes(name))
  const found = names
    .filter((name) => !computed.has(name))
    .map((name) => `nothing computed depends on ${name}`)
  for (const [facet, reads] of Object.entries(read))
    for (const name of reads)
      if (names.includes(name) && !computed.has(name))
        found.push(`forward forgets ${name}, which ${facet} reads`)
  if (kind.receptive)
    for (const name of names)
      if (PLACING.includes(name) && name !== 'ceil' && !receptive.has(name))
        found.push(`receptive forgets ${name}`)
  for (const name of names)
    if (PLACING.includes(name) && !read.inferShape.has(name)) found.push(`inferShape forgets ${name}`)
  return found
}

/** A builder that computes nothing: each method gives a tensor of its first operand's shape. */
const mute = new Proxy({} as Builder, {
  get: () => (first: Tensor | readonly unknown[] | number) => ({
    id: 0,
    shape: typeof first === 'object' && 'shape' in first ? first.shape : [],
  }),
})

function expectWords(words: Text): void {
  expect(words.en.trim()).not.toBe('')
  expect(words.ko.trim()).not.toBe('')
}
function expectSentence(sentence: Text): void {
  expect(sentence.en).toMatch(/[a-z].*[.]$/i)
  expect(sentence.ko).toMatch(/[가-힣].*[.다요]$/)
}
