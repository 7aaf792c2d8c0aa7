import { transposed } from '../../keras-terms.ts'
import { type KerasLayer, Unsupported } from './model.ts'
import { image, shapeOf, type Value } from './network.ts'
import { add, collect, only, ordered, type Place, type Recipe } from './place.ts'
import { figure, flag } from './settings.ts'

/** The axes that are normalized, in Keras' order from 0 on without the batch. */
export function axesOf({ config }: KerasLayer, rank: number): number[] {
  const axis = config.axis ?? -1
  const list = Array.isArray(axis) ? axis : [axis]
  return list.map((one) => (Number(one) < 0 ? rank + Number(one) : Number(one) - 1)).sort((a, b) => a - b)
}

const affine = (place: Place, count: number): Record<string, Float32Array> | null => {
  const scaled = flag(place.layer, 'scale', true)
  const centred = flag(place.layer, 'center', true)
  if ((!scaled && !centred) || !place.weights) return null
  const fill = (value: number) => new Float32Array(count).fill(value)
  return collect({
    weight: scaled ? (place.weights.get('gamma')?.data ?? null) : fill(1),
    bias: centred ? (place.weights.get('beta')?.data ?? null) : fill(0),
  })
}

const hasAffine = ({ layer }: Place): boolean => flag(layer, 'scale', true) || flag(layer, 'center', true)

/** The value that is normalized, as our layers take it, whose channels Keras has to name as the axis. */
function byChannels({ layer, network }: Place, value: Value) {
  const rank = value.axes.length
  if (axesOf(layer, rank).join() !== String(rank - 1))
    throw new Unsupported('it normalizes another axis than the last')
  return rank === 1 ? value.output : network.images(value, layer.name)
}

export const batchNorm: Recipe = (place, inputs) => {
  const { layer } = place
  const value = only(inputs)
  const rank = value.axes.length
  const x = byChannels(place, value)
  const params = {
    momentum: Number((1 - figure(layer, 'momentum', 0.99)).toPrecision(12)),
    epsilon: figure(layer, 'epsilon', 1e-3),
    affine: hasAffine(place),
  }
  const own = affine(place, x.shape[0]!)
  const averages = {
    running_mean: ordered(place, 'moving_mean', [0]),
    running_var: ordered(place, 'moving_variance', [0]),
  }
  const output = add(place, 'batchnorm', params, [x], collect({ ...(own ?? {}), ...averages }))
  return rank === 1 ? { output, axes: [0] } : image(output)
}

export const layerNorm: Recipe = (place, inputs) => {
  const { layer, network } = place
  const value = only(inputs)
  const rank = value.axes.length
  const axes = axesOf(layer, rank)
  const over = axes.length === rank ? 'sample' : axes.join() === String(rank - 1) ? 'channels' : null
  if (!over) throw new Unsupported('it normalizes over axes that are neither the channels nor all')
  const x = rank === 1 ? value.output : network.images(value, layer.name)
  const shape = over === 'sample' ? shapeOf(value) : [x.shape[0]!]
  const own = affine(
    place,
    shape.reduce((product, n) => product * n, 1),
  )
  // channels last to channels first
  const order = shape.length > 1 ? [shape.length - 1, ...shape.slice(1).map((_, i) => i)] : [0]
  const turned = own
    ? Object.fromEntries(
        Object.entries(own).map(([name, data]) => [name, transposed({ shape, data }, order).data]),
      )
    : null
  const params = {
    over,
    epsilon: figure(layer, 'epsilon', 1e-3),
    affine: hasAffine(place),
  }
  const output = add(place, 'layernorm', params, [x], turned)
  return rank === 1 ? { output, axes: [0] } : image(output)
}

export const groupNorm: Recipe = (place, inputs) => {
  const { layer } = place
  const value = only(inputs)
  const rank = value.axes.length
  const x = byChannels(place, value)
  const groups = figure(layer, 'groups', 32)
  const each = groups === -1 || groups === x.shape[0]
  const params = {
    ...(each && rank > 1 ? {} : { groups: groups === -1 ? x.shape[0] : groups }),
    epsilon: figure(layer, 'epsilon', 1e-3),
    affine: hasAffine(place),
  }
  const kind = each && rank > 1 ? 'instancenorm' : 'groupnorm'
  const output = add(place, kind, params, [x], affine(place, x.shape[0]!))
  return rank === 1 ? { output, axes: [0] } : image(output)
}
