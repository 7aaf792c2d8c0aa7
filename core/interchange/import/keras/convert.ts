import { FormatError } from '../../../formats/error.ts'
import { resolveParams } from '../../../layers/index.ts'
import { input as inputKind } from '../../../layers/input.ts'
import { type Text, text } from '../../../network/text.ts'
import { assemble } from '../assemble.ts'
import { ImportError, type Imported } from '../importer.ts'
import { Damaged, type KerasLayer, type KerasModel, Unsupported } from './model.ts'
import { image, Network, type Value } from './network.ts'
import { findPattern } from './patterns.ts'
import type { Place } from './place.ts'
import { activationOf, amounts, paddingOf } from './settings.ts'
import { activation, recipes } from './table.ts'

const NORMALIZATION = text(
  'How pixels become its input is not in the file: Standardize was assumed; set it in the input layer.',
  '픽셀을 입력으로 바꾸는 방법이 파일에 없어 표준화로 가정했습니다. 입력 레이어에서 확인해 주세요.',
)
const WITHOUT_WEIGHTS = text(
  'The file holds the structure alone, without weights.',
  '파일에 구조만 있고 가중치는 없습니다.',
)

/**
 * A model of Keras or TensorFlow.js as a network of ours, with the same outputs: channels first, activations as layers,
 * paddings put into the layers they belong to.
 * @param file what messages call it
 * @param told parameters of the input layer, where the file says so
 * @throws ImportError that names every layer without a counterpart
 */
export function convert(model: KerasModel, file: string, told: unknown): Imported {
  const converter = new Converter(model, told)
  const problems = converter.run()
  if (problems.length > 0) throw unsupported(file, problems)
  const notes: Text[] = []
  if (!converter.told) notes.push(NORMALIZATION)
  if (!model.weights) notes.push(WITHOUT_WEIGHTS)
  const { layers, weights } = converter.network
  return { document: assemble(nameOf(model.name, file), layers), weights, notes }
}

/** Names that programs give where nobody did. */
const nameOf = (name: string, file: string): string =>
  /^(network|model|functional|sequential)(_\d+)?$/.test(name)
    ? (file.split(/[\\/]/).at(-1) ?? file).replace(/\.[^.]*$/, '') || 'network'
    : name

interface Problem {
  readonly layer: string
  readonly className: string
  readonly reason: string
}

class Converter {
  readonly network = new Network()
  told = false
  readonly #model: KerasModel
  readonly #input: unknown
  readonly #readers = new Map<string, KerasLayer[]>()
  readonly #values = new Map<string, Value>()
  /** Layers that stand in others already, or that a problem stands before. */
  readonly #done = new Set<string>()
  readonly #pads = new Map<string, [number, number][]>()
  readonly #problems: Problem[] = []

  constructor(model: KerasModel, input: unknown) {
    this.#model = model
    this.#input = input
    for (const layer of model.layers) {
      for (const from of layer.inputs) this.#readers.set(from, [...(this.#readers.get(from) ?? []), layer])
    }
  }

  run(): readonly Problem[] {
    let waiting = [...this.#model.layers]
    while (waiting.length > 0) {
      const ready = waiting.filter((layer) =>
        layer.inputs.every((from) => this.#values.has(from) || this.#done.has(from)),
      )
      if (ready.length === 0)
        throw new Damaged(`the layer ${waiting[0]!.name} is fed by one that is not there`)
      for (const layer of ready) this.#write(layer)
      waiting = waiting.filter((layer) => !ready.includes(layer))
    }
    return this.#problems
  }

  #write(layer: KerasLayer): void {
    if (this.#done.has(layer.name) || this.#values.has(layer.name)) return
    const inputs = layer.inputs.flatMap((from) => this.#values.get(from) ?? [])
    if (inputs.length < layer.inputs.length) {
      // something before it has no counterpart, which is told already
      this.#done.add(layer.name)
      return
    }
    try {
      this.#convert(layer, inputs)
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error
      this.#problems.push({ layer: layer.name, className: layer.className, reason: error.message })
      this.#done.add(layer.name)
    }
  }

  #convert(layer: KerasLayer, inputs: readonly Value[]): void {
    if (layer.className === 'InputLayer') {
      this.#values.set(layer.name, this.#enter(layer))
      return
    }
    const run = this.#runFrom(layer)
    if (inputs.length === 1) {
      const weights = (of: KerasLayer) => this.#model.weights?.(of) ?? null
      const found = findPattern({ network: this.network, value: inputs[0]!, layers: run, weights })
      if (found) {
        for (const inner of run.slice(0, found.count - 1)) this.#done.add(inner.name)
        this.#values.set(run[found.count - 1]!.name, found.value)
        return
      }
      if (this.#padsFor(layer, run[1], inputs[0]!)) {
        this.#pads.set(run[1]!.name, amounts(layer, 'padding', rankOf(layer)))
        this.#values.set(layer.name, inputs[0]!)
        return
      }
    }
    this.#values.set(layer.name, this.#one(layer, inputs, run[1]))
  }

  #one(layer: KerasLayer, inputs: readonly Value[], next: KerasLayer | undefined): Value {
    const recipe = Object.hasOwn(recipes, layer.className) ? recipes[layer.className] : undefined
    if (!recipe) throw new Unsupported('there is no such layer here')
    const cut =
      layer.className === 'Conv2DTranspose' &&
      next?.className === 'Cropping2D' &&
      paddingOf(layer) === 'valid'
        ? next
        : null
    const place: Place = {
      network: this.network,
      layer: cut ? { ...layer, name: cut.name } : layer,
      weights: this.#model.weights?.(layer) ?? null,
      pads: this.#pads.get(layer.name) ?? (cut ? amounts(cut, 'cropping', 2) : null),
    }
    let value = recipe(place, inputs)
    const name = layer.className === 'Activation' ? 'linear' : activationOf(layer)
    if (name !== 'linear') {
      const own = { ...layer, name: `${layer.name}-${name}`, config: {} }
      value = activation({ ...place, layer: own, pads: null }, name, [value])
    }
    if (cut) this.#values.set(cut.name, value)
    return value
  }

  /** A layer and those behind it, as long as each has one reader that reads nothing else. */
  #runFrom(layer: KerasLayer): KerasLayer[] {
    const run = [layer]
    for (let at = layer; run.length < 5; at = run.at(-1)!) {
      const readers = this.#readers.get(at.name) ?? []
      if (readers.length !== 1 || readers[0]!.inputs.length !== 1 || at.name === this.#model.output) break
      run.push(readers[0]!)
    }
    return run
  }

  /** Whether the layer behind a padding can do it by itself, with the same outputs. */
  #padsFor(layer: KerasLayer, next: KerasLayer | undefined, value: Value): boolean {
    if (!next || !/^ZeroPadding[123]D$/.test(layer.className)) return false
    if (!/^(Depthwise)?Conv[123]D$|^(Max|Average)Pooling[123]D$/.test(next.className)) return false
    if (paddingOf(next) !== 'valid') return false
    // zeros win over negative values, and ours are minus infinity
    return !next.className.startsWith('Max') || ['relu', 'sigmoid', 'softmax'].includes(value.output.kind)
  }

  #enter(layer: KerasLayer): Value {
    const whole = layer.config.batch_shape ?? layer.config.batch_input_shape
    const sizes: unknown[] = Array.isArray(whole) ? whole.slice(1) : []
    if (sizes.length < 1 || sizes.length > 4 || !sizes.every((n) => Number.isInteger(n) && Number(n) > 0)) {
      throw new Unsupported(
        `its shape is ${JSON.stringify(whole ?? null)}: all sizes but the batch must be fixed`,
      )
    }
    const shape = sizes as number[]
    const vector = shape.length === 1
    const params = this.#inputParams(vector ? [1, shape[0]!] : [shape.at(-1)!, ...shape.slice(0, -1)])
    const output = this.network.add('input', { params, called: layer.name }, [])
    if (!vector) return image(output)
    return { output: this.network.add('flatten', { called: 'flatten-input' }, [output]), axes: [0] }
  }

  #inputParams(shape: readonly number[]): Record<string, unknown> {
    const given = parameters(this.#input)
    const { issues } = resolveParams(inputKind, given ?? {})
    this.told = given !== null && !issues.some(({ severity }) => severity === 'error')
    return { normalization: 'standardize', ...(this.told ? given : {}), shape }
  }
}

const rankOf = ({ className }: KerasLayer): number => Number(/\d/.exec(className)?.[0] ?? 2)

/** The input layer's own parameters among what was written as JSON; null where nothing was. */
function parameters(written: unknown): Record<string, unknown> | null {
  if (typeof written !== 'string') return null
  try {
    const value: unknown = JSON.parse(written)
    if (typeof value !== 'object' || value === null) return null
    return Object.fromEntries(Object.entries(value).filter(([key]) => Object.hasOwn(inputKind.params, key)))
  } catch {
    return null
  }
}

function unsupported(file: string, problems: readonly Problem[]): ImportError {
  const shown = problems.slice(0, 8)
  const more = problems.length - shown.length
  const list = shown.map(({ layer, className, reason }) => `${layer} (${className}): ${reason}`).join('; ')
  return new ImportError(
    'unsupported',
    text(
      `${file} holds what there is no layer for: ${list}${more > 0 ? `; and ${more} more` : ''}.`,
      `${file}에 대응하는 레이어가 없는 부분이 있습니다: ${list}${more > 0 ? ` 외 ${more}개` : ''}.`,
    ),
  )
}

/** What readers throw, as messages that name the file. */
export async function told<T>(file: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof Damaged) throw new FormatError(`${file}: ${error.message}: save it again`)
    if (!(error instanceof Unsupported)) throw error
    throw new ImportError('unsupported', text(`${file}: ${error.message}.`, `${file}: ${error.message}.`))
  }
}
