import { composites } from './composites.ts'
import type { Context } from './context.ts'
import type { Constant, OnnxNode } from './graph.ts'
import { type Match, operand, scalarOf, single } from './match.ts'
import { Unsupported, type Value } from './network.ts'
import { dense, poolMaps } from './simple.ts'

/** Nodes that are one layer together. The last of them is asked; those before it must be read by nobody else. */

/** A matrix and a shift behind it. */
const biased: Match = (node, at) => {
  if (node.op !== 'Add') return null
  const given = operand(node, at)
  const inner = given && (single(at, given.other, 'Gemm') ?? single(at, given.other, 'MatMul'))
  if (!given || !inner || inner.inputs.length > 2 || !at.constant(inner, 1)) return null
  if (inner.int('transA', 0) !== 0 || inner.float('alpha', 1) !== 1) return null
  const transposed = inner.op === 'Gemm' && inner.int('transB', 0) === 1
  return {
    inner: [inner],
    make: () => {
      const x = at.value(inner.inputs[0]!)
      return dense(at, x, { constant: at.needed(inner, 1, 'matrix'), transposed }, given.constant)
    },
  }
}

/** A sum over the maps, divided by the number of places. */
const meanOfMaps: Match = (node, at) => {
  const factor = node.op === 'Mul' ? operand(node, at) : null
  const sum = factor && single(at, factor.other, 'ReduceSum')
  const scale = scalarOf(factor?.constant)
  if (!sum || scale === null || scale < 0) return null
  return {
    inner: [sum],
    make: () => poolMaps(sum, at, scale),
  }
}

/** Pooling of whole maps, and the ones of its shape taken away. */
const pooledVector: Match = (node, at) => {
  if (!['Flatten', 'Reshape', 'Squeeze'].includes(node.op)) return null
  const [name = ''] = node.inputs
  const pool = single(at, name, 'GlobalAveragePool') ?? single(at, name, 'GlobalMaxPool')
  if (!pool) return null
  const kind = pool.op === 'GlobalMaxPool' ? 'global-maxpool' : 'global-avgpool'
  return { inner: [pool], make: () => at.add(kind, {}, at.value(pool.inputs[0]!)) }
}

/** Places at a stride, and channels of zeros behind: the shortcut of ResNet without weights. */
const zeroPadded: Match = (node, at) => {
  if (node.op !== 'Pad' || node.text('mode', 'constant') !== 'constant') return null
  const pads = [...(at.constant(node, 1)?.values ?? node.ints('pads') ?? [])]
  const added = pads[5] ?? 0
  if (pads.length !== 8 || added <= 0 || pads.some((side, i) => i !== 5 && side !== 0)) return null
  const [name = ''] = node.inputs
  const pool = single(at, name, 'AveragePool')
  const skips = pool?.ints('kernel_shape')?.every((side) => side === 1) ? pool : null
  return {
    inner: skips ? [skips] : [],
    make: () => {
      const x = at.value(skips ? skips.inputs[0]! : name)
      const stride = [...(skips?.ints('strides') ?? [1, 1])]
      return at.add('zero-pad-shortcut', { params: { channels: x.shape[0]! + added, stride } }, x)
    },
  }
}

/** y = scale * x + shift with a number a channel each: what batch norm comes down to once it is trained. */
const scaled: Match = (node, at) => {
  const steps: { op: string; constant: Constant; swapped: boolean }[] = []
  const inner: OnnxNode[] = []
  let from = node
  let input = ''
  for (;;) {
    const given = ['Add', 'Sub', 'Mul', 'Div'].includes(from.op) ? operand(from, at) : null
    if (!given || (given.swapped && (from.op === 'Div' || from.op === 'Sub'))) break
    steps.unshift({ op: from.op, ...given })
    if (from !== node) inner.push(from)
    input = given.other
    const before = at.view.producers.get(input)
    if (!before || !at.once(input)) break
    from = before
  }
  if (steps.length === 0) return null
  return { inner, make: () => channelwise(at, at.value(input), steps) }
}

function channelwise(
  at: Context,
  x: Value,
  steps: readonly { readonly op: string; readonly constant: Constant }[],
): Value {
  const channels = x.shape[0]!
  const scale = new Float64Array(channels).fill(1)
  const shift = new Float64Array(channels)
  for (const { op, constant } of steps) {
    const value = perChannel(constant, x.shape)
    for (let c = 0; c < channels; c++) {
      if (op === 'Mul' || op === 'Div') {
        const factor = op === 'Mul' ? value(c) : 1 / value(c)
        scale[c]! *= factor
        shift[c]! *= factor
      } else shift[c]! += op === 'Add' ? value(c) : -value(c)
    }
  }
  return trainedNorm(at, x, steps, scale) ?? plainScale(at, x, scale, shift)
}

/** Reads a constant that broadcasts over everything but channels. */
function perChannel({ dims, values }: Constant, shape: readonly number[]): (channel: number) => number {
  if (values.length === 1) return () => values[0]!
  // without the batch, whose axis must be 1 where it is there at all
  const sample = dims.length > shape.length ? dims.slice(dims.length - shape.length) : dims
  const others = [...dims.slice(0, dims.length - sample.length), ...sample.slice(1)]
  if (sample.length !== shape.length || sample[0] !== shape[0] || others.some((side) => side !== 1)) {
    throw new Unsupported(`it counts in a constant of shape [${dims.join(', ')}]`)
  }
  return (channel) => values[channel]!
}

const EPSILON = 1e-5

function plainScale(at: Context, x: Value, scale: Float64Array, shift: Float64Array): Value {
  const channels = scale.length
  return at.add(
    'batchnorm',
    {
      params: { epsilon: EPSILON },
      weights: {
        weight: { values: Float32Array.from(scale, (value) => value * Math.sqrt(1 + EPSILON)) },
        bias: { values: Float32Array.from(shift) },
        running_mean: { values: new Float32Array(channels) },
        running_var: { values: new Float32Array(channels).fill(1) },
      },
    },
    x,
  )
}

/** The batch norm whose running averages went into the constants, where the file still has them under their names. */
function trainedNorm(
  at: Context,
  x: Value,
  steps: readonly { readonly constant: Constant }[],
  scale: Float64Array,
): Value | null {
  const [first] = steps
  const variance = first?.constant.from.find((name) => name.endsWith('.running_var'))
  if (steps.length !== 2 || variance === undefined) return null
  const layer = variance.slice(0, -'.running_var'.length)
  const weight = (name: string) => at.view.constants.get(`${layer}.${name}`)
  const [spread, mean] = [weight('running_var'), weight('running_mean')]
  const number = first!.constant.from
    .map((name) => at.view.constants.get(name))
    .find((one) => scalarOf(one) !== null)
  if (!spread || !mean || !number) return null
  const epsilon = Number(number.values[0]!.toPrecision(6))
  const gain = weight('weight')
  const agrees = Array.from(spread.values).every((v, c) => {
    const expected = (gain?.values[c] ?? 1) / Math.sqrt(v + epsilon)
    return Math.abs(expected - scale[c]!) <= 1e-5 * Math.abs(expected)
  })
  const bias = weight('bias')
  if (!agrees || !gain !== !bias) return null
  return at.add(
    'batchnorm',
    {
      called: layer,
      params: { epsilon, affine: gain !== undefined },
      weights: { ...(gain && bias ? { weight: gain, bias } : {}), running_mean: mean, running_var: spread },
    },
    x,
  )
}

/** In the order in which they are tried: what is more of a layer comes first. */
export const fusions: readonly Match[] = [
  ...[biased, meanOfMaps, pooledVector, zeroPadded],
  ...composites,
  scaled,
]
