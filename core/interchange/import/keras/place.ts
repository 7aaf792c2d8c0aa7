import type { KindName } from '../../../layers/index.ts'
import { transposed } from '../../keras-terms.ts'
import { type KerasLayer, type KerasTensor, Unsupported } from './model.ts'
import type { Network, Output, Value } from './network.ts'
import { flag } from './settings.ts'

/** What a recipe works with. */
export interface Place {
  readonly network: Network
  readonly layer: KerasLayer
  /** Null where the file holds the structure alone. */
  readonly weights: ReadonlyMap<string, KerasTensor> | null
  /** Zeros that a padding layer before it has put around, which the layer can put around itself. */
  readonly pads: readonly (readonly [number, number])[] | null
}

/** Makes our layers of one of Keras. @throws Unsupported */
export type Recipe = (place: Place, inputs: readonly Value[]) => Value

export const add = (
  { network, layer }: Place,
  kind: KindName,
  params: Readonly<Record<string, unknown>>,
  inputs: readonly Output[],
  weights: Readonly<Record<string, Float32Array>> | null = null,
): Output => network.add(kind, { params, weights, called: layer.name }, inputs)

export const only = (inputs: readonly Value[]): Value => {
  if (inputs.length !== 1) throw new Unsupported(`it reads ${inputs.length} values`)
  return inputs[0]!
}

export const ordered = (
  { weights }: Place,
  name: string,
  order: readonly number[],
  other?: string,
): Float32Array | null => {
  if (!weights) return null
  const tensor = weights.get(name) ?? (other ? weights.get(other) : undefined)
  if (!tensor || tensor.shape.length !== order.length) {
    throw new Unsupported(tensor ? `its ${name} has ${tensor.shape.length} axes` : `its ${name} is missing`)
  }
  return transposed(tensor, order).data
}

export const collect = (
  entries: Readonly<Record<string, Float32Array | null>>,
): Record<string, Float32Array> | null => {
  const given = Object.entries(entries).filter((entry): entry is [string, Float32Array] => entry[1] !== null)
  return given.length > 0 ? Object.fromEntries(given) : null
}

export const biased = (place: Place, weight: Float32Array | null): Record<string, Float32Array> | null =>
  collect({ weight, ...(flag(place.layer, 'use_bias', true) ? { bias: ordered(place, 'bias', [0]) } : {}) })
