import { analyze } from '../../../analysis/index.ts'
import { type Network, type NetworkLayer, readNetwork } from '../../../engine/network.ts'
import type { Shape } from '../../../layers/kind.ts'
import type { OwnWeight } from '../../keras-terms.ts'
import { ExportError, type ExportRequest } from '../format.ts'
import { kerasOf, last, meetingOf, nothing } from './kinds/index.ts'
import {
  type Chain,
  type Dialect,
  type Given,
  Inexpressible,
  type KerasLayer,
  type KerasNet,
  type KerasWeight,
} from './net.ts'

const PROGRAMS: Readonly<Record<Dialect, string>> = { tfjs: 'TensorFlow.js layers', keras: 'Keras' }

/**
 * A network as Keras would say it, with the same outputs: channels last, auxiliary outputs left out.
 * @throws ExportError that names every layer for which there are no words, with the reason; EngineError for a network
 * that is not sound
 */
export function buildKeras({ document, layout, weights }: ExportRequest, dialect: Dialect): KerasNet {
  const network = readNetwork(document)
  const { layers: reports } = analyze(document)
  const shapeOf = (id: string): Shape => reports.get(id)!.outputShape!
  const own = new Map(
    layout.slots.map(({ name, shape, offset, size }): [string, OwnWeight] => [
      name,
      { shape, data: weights.subarray(offset, offset + size) },
    ]),
  )
  const written: KerasLayer[] = []
  const names = new Names()
  /** Name of the Keras layer whose output a layer's is. */
  const ends = new Map<string, string>()
  const problems: string[] = []
  const notNegative = signs(network)
  for (const layer of network.layers) {
    if (layer.auxiliary) continue
    const given: Given = {
      dialect,
      params: layer.params,
      inputs: layer.inputs.map(shapeOf),
      output: shapeOf(layer.id),
      weights: Object.fromEntries(layer.weights.map(({ name }) => [name, own.get(`${layer.name}.${name}`)!])),
      notNegative: layer.inputs.every((id) => notNegative.has(id)),
    }
    const adder = new Adder(names.of(layer.name), names, written)
    try {
      ends.set(
        layer.id,
        writeLayer(layer, given, adder, (id) => ends.get(id) ?? ''),
      )
    } catch (error) {
      if (!(error instanceof Inexpressible)) throw error
      problems.push(`${layer.name} (${layer.kind.title.en}): ${error.message}`)
    }
  }
  if (problems.length > 0) {
    const shown = problems.slice(0, 8)
    const more = problems.length > shown.length ? `; and ${problems.length - shown.length} more` : ''
    throw new ExportError(
      `${PROGRAMS[dialect]} can't hold this network: ${shown.join('; ')}${more}: change these layers or choose ONNX or PyTorch`,
    )
  }
  const input = network.layers.find(({ kind }) => kind.kind === 'input')!
  return {
    name: document.name,
    layers: written,
    input: ends.get(input.id)!,
    output: ends.get(network.output)!,
  }
}

function writeLayer(layer: NetworkLayer, given: Given, adder: Adder, end: (id: string) => string): string {
  const { kind } = layer.kind
  if (kind === 'input') return adder.finish('InputLayer', {}, [], last(given.output), [])
  const meeting = meetingOf(kind)
  if (meeting) {
    const inputs = layer.inputs.map((id, i) => {
      const chain = meeting.before(new Link(adder, end(id), last(given.inputs[i]!)), given) as Link
      return chain.settle()
    })
    return adder.finish(meeting.className, meeting.config, inputs, last(given.output), [])
  }
  const start = new Link(adder, end(layer.inputs[0]!), last(given.inputs[0]!))
  const made = kerasOf(kind)!(start, given) as Link
  return (made === start ? (nothing(start) as Link) : made).end()
}

/** Writes the Keras layers of one layer; the last of them has its name, those before it have it with a number. */
class Adder {
  readonly #name: string
  readonly #names: Names
  readonly #written: KerasLayer[]
  #count = 0

  constructor(name: string, names: Names, written: KerasLayer[]) {
    this.#name = name
    this.#names = names
    this.#written = written
  }

  finish(
    className: string,
    config: Readonly<Record<string, unknown>>,
    inputs: readonly string[],
    output: readonly number[],
    weights: readonly KerasWeight[],
    name = this.#name,
  ): string {
    this.#written.push({ className, name, config, inputs, weights, output })
    return name
  }

  between(): string {
    this.#count += 1
    return this.#names.of(`${this.#name}_${this.#count}`)
  }
}

interface Pending {
  readonly className: string
  readonly config: Readonly<Record<string, unknown>>
  readonly from: Link
  readonly weights: readonly KerasWeight[]
}

/** A chain whose last layer is not written yet, since only the end knows that it is the end. */
class Link implements Chain {
  readonly shape: readonly number[]
  readonly #adder: Adder
  readonly #input: string | null
  readonly #pending: Pending | null

  constructor(adder: Adder, input: string | null, shape: readonly number[], pending: Pending | null = null) {
    this.#adder = adder
    this.#input = input
    this.shape = shape
    this.#pending = pending
  }

  add(
    className: string,
    config: Readonly<Record<string, unknown>>,
    output: readonly number[],
    weights: readonly KerasWeight[] = [],
  ): Chain {
    return new Link(this.#adder, null, output, { className, config, from: this, weights })
  }

  /** Writes everything up to here under names with numbers; gives the name of the last layer. */
  settle(): string {
    return this.#write(() => this.#adder.between())
  }

  /** Writes everything up to here, the last under the layer's own name. */
  end(): string {
    return this.#write(() => undefined)
  }

  #write(name: () => string | undefined): string {
    if (!this.#pending) return this.#input!
    const { className, config, from, weights } = this.#pending
    const before = from.settle()
    return this.#adder.finish(className, config, [before], this.shape, weights, name())
  }
}

/** Names that TensorFlow takes: letters, digits, dashes, dots and underscores, beginning with a letter or digit. */
class Names {
  readonly #taken = new Set<string>()

  of(wanted: string): string {
    const clean = wanted
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9._-]+/g, '_')
      .replace(/^[^A-Za-z0-9]+|_+$/g, '')
    const base = clean || 'layer'
    let name = base
    for (let n = 2; this.#taken.has(name); n++) name = `${base}_${n}`
    this.#taken.add(name)
    return name
  }
}

const KEEPS = new Set([
  ...['dropout', 'channel-dropout', 'stochastic-depth', 'flatten', 'reshape', 'permute', 'slice', 'concat'],
  ...['maxpool1d', 'maxpool2d', 'maxpool3d', 'avgpool1d', 'avgpool2d', 'avgpool3d', 'channel-shuffle'],
  ...['pad2d', 'upsample', 'zero-pad-shortcut', 'add', 'multiply', 'lrn', 'global-avgpool', 'global-maxpool'],
])
const RAISES = new Set(['relu', 'sigmoid', 'softmax'])

/** Layers that put nothing below zero out. */
function signs({ layers }: Network): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { id, kind, inputs } of layers) {
    const keeps = KEEPS.has(kind.kind) && inputs.every((from) => found.has(from))
    if (keeps || RAISES.has(kind.kind)) found.add(id)
  }
  return found
}
