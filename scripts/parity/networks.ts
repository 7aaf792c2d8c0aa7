import { kinds } from '../../core/layers/index.ts'
import type { Example, Shape } from '../../core/layers/kind.ts'
import { OUTPUT_PORT } from '../../core/network/document.ts'
import type { Layer, NetworkDocument, Wire } from '../../core/network/schema.ts'
import { network } from '../../presets/builder.ts'
import { presetOf } from '../../presets/index.ts'
import type { OptionValues } from '../../presets/preset.ts'

/** A network that every format is tried with. */
export interface ParityCase {
  readonly name: string
  /** The layer kind or the family of presets that it stands for. */
  readonly of: string
  readonly document: NetworkDocument
}

const size = (shape: Shape): number => shape.reduce((product, n) => product * n, 1)

/** Larger examples say nothing more about a format, and take long in the slowest of them. */
const LARGEST = 70_000

/**
 * One network for each example of each layer kind: the layer between an input and a small dense layer. Where it takes
 * several inputs, they are cut out of one vector.
 */
export function layerCases(): ParityCase[] {
  return kinds.flatMap(({ kind, examples }) =>
    kind === 'input'
      ? []
      : examples
          .filter(({ inputs }) => inputs.every((shape) => size(shape) <= LARGEST))
          .map((example, i) => ({
            name: `${kind} ${i + 1}`,
            of: kind,
            document: aroundLayer(kind, example),
          })),
  )
}

type Draft = readonly [
  kind: string,
  name: string,
  params: Readonly<Record<string, unknown>>,
  from: readonly string[],
]

function aroundLayer(kind: string, { inputs, params = {} }: Example): NetworkDocument {
  const drafts: Draft[] = []
  const whole = inputs.length === 1 ? inputs[0]! : [inputs.reduce((sum, shape) => sum + size(shape), 0)]
  drafts.push(['input', 'input', { shape: whole.length === 1 ? [1, ...whole] : whole }, []])
  let from = ['input']
  // images, sequences and volumes come in; vectors are made of them
  if (whole.length === 1) {
    drafts.push(['flatten', 'vector', {}, ['input']])
    from = ['vector']
  }
  if (inputs.length > 1) {
    let begin = 0
    from = inputs.map((shape, i) => {
      drafts.push(['slice', `slice${i}`, { begin, count: size(shape) }, ['vector']])
      drafts.push(['reshape', `reshape${i}`, { shape }, [`slice${i}`]])
      begin += size(shape)
      return `reshape${i}`
    })
  }
  if (kind === 'auxiliary') {
    drafts.push(['dense', 'side', { units: 3 }, from], ['auxiliary', 'aux', params, ['side']])
    drafts.push(['dense', 'fc', { units: 3 }, from])
    return documentOf(kind, drafts)
  }
  drafts.push([kind, 'layer', params, from])
  if (kind === 'rbf') return documentOf(kind, drafts)
  drafts.push(['flatten', 'flatten', {}, ['layer']], ['dense', 'fc', { units: 3 }, ['flatten']])
  return documentOf(kind, drafts)
}

/** A document of layers that are named rather than numbered. */
function documentOf(name: string, drafts: readonly Draft[]): NetworkDocument {
  const layers = drafts.map(
    ([kind, layerName, params]): Layer => ({
      id: layerName,
      kind,
      kindVersion: 1,
      name: layerName,
      params: { ...params },
      position: { x: 0, y: 0 },
    }),
  )
  const ends = drafts.flatMap(([, to, , from]) => from.map((source) => [source, to] as const))
  const wires = ends.map(
    ([from, to], i): Wire => ({
      id: `w${i}`,
      from: { layer: from, port: OUTPUT_PORT },
      to: { layer: to, port: 'in' },
    }),
  )
  return {
    format: 'layerloom',
    version: 1,
    name,
    nextId: 1,
    layers,
    wires,
    groups: [],
  }
}

/** A member of each family, at the sizes of its paper where those run in seconds, and smaller ones elsewhere. */
const MEMBERS: readonly (readonly [id: string, options?: OptionValues])[] = [
  ['lenet5'],
  ['lenet5-modern'],
  ['linear-cifar'],
  ['alexnet', { size: 131, classes: 20 }],
  ['zfnet', { size: 127, classes: 20 }],
  ['vgg-a', { size: 64, width: 16, classes: 20 }],
  ['vgg-a-lrn', { size: 64, width: 8, classes: 20 }],
  ['vgg-d', { size: 64, width: 16, classes: 20 }],
  ['googlenet', { size: 96, classes: 20 }],
  ['googlenet', { size: 96, classes: 20, norm: 'batchnorm', branch: '3x3', pool4: '2x2' }],
  ['inception-naive', { size: 14 }],
  ['inception', { size: 14 }],
  ['plain-18', { size: 64, width: 16, classes: 20 }],
  ['plain-20-cifar'],
  ['resnet-18', { size: 64, classes: 20 }],
  ['resnet-50', { size: 64, width: 16, classes: 20 }],
  ['resnet-20-cifar'],
  ['resnet-20-cifar', { shortcut: 'C' }],
  ['c3d', { size: 64, width: 8 }],
  ['preact-resnet-110', { depth: 20 }],
  ['preact-resnet-164', { depth: 29, shortcut: 'B' }],
  ['densenet-121', { size: 64, growth: 8, classes: 20 }],
  ['densenet-bc-100', { depth: 40 }],
  ['wrn-28-10', { depth: 16, width: 2 }],
  ['wrn-50-2', { size: 64, width: 16, classes: 20 }],
  ['m5', { length: 8000, width: 32 }],
]

/** Members of every family of documented models, made small where that changes nothing. */
export function presetCases(): ParityCase[] {
  return MEMBERS.map(([id, options = {}]) => {
    const preset = presetOf(id)!
    const document = ended(preset.build(options))
    const settings = Object.entries(options).map(([name, value]) => `${name}=${String(value)}`)
    return { name: [id, ...settings].join(' '), of: preset.family.id, document }
  })
}

/** Inception modules alone end in maps; whatever is exported ends in one number a class. */
function ended(document: NetworkDocument): NetworkDocument {
  if (document.layers.some(({ kind }) => kind === 'dense' || kind === 'rbf')) return document
  const end = document.layers.find(({ id }) => !document.wires.some((wire) => wire.from.layer === id))!
  const net = network('end')
  net.add('input', 'input')
  net.add('global-avgpool', 'end-pool')
  net.add('dense', 'end-fc', { units: 5 })
  const [, pool, fc] = net.build().layers
  const wire = (id: string, from: string, to: string): Wire => ({
    id,
    from: { layer: from, port: OUTPUT_PORT },
    to: { layer: to, port: 'in' },
  })
  return {
    ...document,
    layers: [...document.layers, { ...pool!, id: 'pool' }, { ...fc!, id: 'fc' }],
    wires: [...document.wires, wire('wp', end.id, 'pool'), wire('wf', 'pool', 'fc')],
  }
}

/** Random layers off, since no two frameworks draw the same numbers. */
export const withoutChance = (document: NetworkDocument): NetworkDocument => ({
  ...document,
  layers: document.layers.map((layer) =>
    ['dropout', 'channel-dropout', 'stochastic-depth'].includes(layer.kind)
      ? { ...layer, params: { ...layer.params, rate: 0 } }
      : layer,
  ),
})
