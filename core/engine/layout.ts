import type { Initializer } from '../layers/kind.ts'
import type { NetworkDocument } from '../network/schema.ts'
import type { ParameterLayout, ParameterSlot } from './executor.ts'
import { type Network, readNetwork } from './network.ts'
import { sizeOf } from './ops/primitive.ts'
import { generator, wordsOf } from './random.ts'

/**
 * Where each weight of a network lies in its flat parameter tensor: trainable ones first, each part in the order in
 * which layers run.
 * @throws EngineError for a network that is not sound
 */
export const layoutOf = (document: NetworkDocument): ParameterLayout => layoutOfNetwork(readNetwork(document))

export function layoutOfNetwork(network: Network): ParameterLayout {
  const specs = network.layers.flatMap((layer) =>
    layer.weights.map((weight) => ({ layer, weight, trainable: weight.trainable ?? true })),
  )
  const slots: ParameterSlot[] = []
  let offset = 0
  let trained = 0
  for (const trainable of [true, false]) {
    for (const { layer, weight } of specs.filter((spec) => spec.trainable === trainable)) {
      const size = sizeOf(weight.shape)
      slots.push({
        name: `${layer.name}.${weight.name}`,
        layer: layer.id,
        shape: weight.shape,
        offset,
        size,
        trainable,
        decay: trainable && (weight.decay ?? weight.shape.length > 1),
      })
      offset += size
    }
    if (trainable) trained = offset
  }
  return { slots, size: offset, trainable: trained }
}

/**
 * Fresh weights in the order of `layoutOf`. Every tensor draws from a generator of its own, decided by the seed and
 * the tensor's name, so that adding a layer leaves the others' start as it was.
 * @throws EngineError for a network that is not sound
 */
export function initialWeights(document: NetworkDocument, seed: number): Float32Array {
  const network = readNetwork(document)
  const layout = layoutOfNetwork(network)
  const inits = new Map<string, Initializer>(
    network.layers.flatMap((layer) =>
      layer.weights.map((weight) => [`${layer.name}.${weight.name}`, weight.init] as const),
    ),
  )
  const weights = new Float32Array(layout.size)
  for (const slot of layout.slots) {
    const draw = drawer(inits.get(slot.name)!, slot, generator([seed, ...wordsOf(slot.name)]))
    for (let i = 0; i < slot.size; i++) weights[slot.offset + i] = draw(i)
  }
  return weights
}

/** Gives the value of element i; called once for each, in order. */
function drawer(init: Initializer, slot: ParameterSlot, next: () => number): (i: number) => number {
  switch (init.type) {
    case 'zeros':
      return () => 0
    case 'ones':
      return () => 1
    case 'constant':
      return () => init.value
    case 'values':
      return (i) => init.values[i]!
    case 'normal':
      return () => normal(next) * init.deviation
    case 'uniform':
      return () => symmetric(next) * init.limit
    case 'he-normal':
      return () => normal(next) * Math.sqrt(2 / init.fanIn)
    case 'glorot-uniform':
      return () => symmetric(next) * Math.sqrt(6 / (init.fanIn + init.fanOut))
    case 'uniform-fan-in': {
      const row = slot.size / slot.shape[0]!
      const limit = (i: number) => {
        const fanIn = init.fanIns?.[Math.floor(i / row)] ?? init.fanIn
        return init.gain / (init.root ? Math.sqrt(fanIn) : fanIn)
      }
      return (i) => symmetric(next) * limit(i)
    }
  }
}

/** Uniform in (-1, 1). */
const symmetric = (next: () => number): number => ((next() + 0.5) / 2 ** 32) * 2 - 1

/** Standard normal (Box and Muller 1958). */
function normal(next: () => number): number {
  const radius = Math.sqrt(-2 * Math.log((next() + 0.5) / 2 ** 32))
  return radius * Math.cos((2 * Math.PI * next()) / 2 ** 32)
}
