import { type Match, meant, operand, scalarOf, single, withNumber } from './match.ts'
import { Unsupported } from './network.ts'

/** Layers that ONNX has no operator for, as this program writes them out of several. */

/** amplitude * tanh(slope * x). */
const scaledTanh: Match = (node, at) => {
  const outer = node.op === 'Mul' ? withNumber(at, node) : null
  const tanh = outer && single(at, outer.other, 'Tanh')
  if (!outer || !tanh) return null
  const inner = withNumber(at, single(at, tanh.inputs[0], 'Mul'))
  const params = { amplitude: meant(outer.number), slope: inner ? meant(inner.number) : 1 }
  return {
    inner: [tanh, ...(inner ? [inner.node] : [])],
    make: () => at.add('scaled-tanh', { params }, at.value(inner ? inner.other : tanh.inputs[0]!)),
  }
}

/** x * exp(-beta * log(k + alpha * n * mean of n squares)). */
const responseNorm: Match = (node, at) => {
  if (node.op !== 'Mul') return null
  const [x = '', factor] = node.inputs
  const back = single(at, factor, 'Reshape')
  const exp = single(at, back?.inputs[0], 'Exp')
  const power = withNumber(at, single(at, exp?.inputs[0], 'Mul'))
  const log = single(at, power?.other, 'Log')
  const divisor = withNumber(at, single(at, log?.inputs[0], 'Add'))
  const sum = withNumber(at, single(at, divisor?.other, 'Mul'))
  const mean = single(at, sum?.other, 'AveragePool')
  const apart = single(at, mean?.inputs[0], 'Reshape')
  const square = single(at, apart?.inputs[0], 'Mul')
  if (!power || !divisor || !sum || !mean || !square) return null
  const [n = 0, one] = mean.ints('kernel_shape') ?? []
  const pads = [Math.floor(n / 2), 0, Math.ceil(n / 2) - 1, 0]
  const wanted =
    one === 1 && mean.int('count_include_pad', 0) === 1 && mean.ints('pads')?.join() === pads.join()
  if (!wanted || square.inputs.some((name) => name !== x)) return null
  const params = { n, k: meant(divisor.number), alpha: meant(sum.number / n), beta: meant(-power.number) }
  return {
    inner: [back!, exp!, power.node, log!, divisor.node, sum.node, mean, apart!, square],
    make: () => at.add('lrn', { params }, at.value(x)),
  }
}

/** Minus the squared distances from each of a table of codes. */
const distances: Match = (node, at) => {
  const negative = node.op === 'Mul' ? withNumber(at, node) : null
  const sum = negative?.number === -1 ? single(at, negative.other, 'ReduceSum') : null
  const square = single(at, sum?.inputs[0], 'Mul')
  const [a, b] = square?.inputs ?? []
  const apart = a === b ? at.producer(a, 'Sub') : null
  const codes = apart && operand(apart, at)
  const wide = codes && single(at, codes.other, 'Reshape')
  if (!sum || !square || !apart || !codes || !wide) return null
  return {
    inner: [sum, square, apart, wide],
    make: () => {
      const [, classes = 0] = codes.constant.dims
      const x = at.value(wide.inputs[0]!)
      if (node.output !== at.output) throw new Unsupported('distances end a network')
      return at.add('rbf', { params: { classes }, weights: { codes: codes.constant } }, x)
    },
  }
}

/** x * sigmoid(x). */
const silu: Match = (node, at) => {
  if (node.op !== 'Mul') return null
  const [a, b] = node.inputs
  const sigmoid = single(at, b, 'Sigmoid') ?? single(at, a, 'Sigmoid')
  const x = sigmoid?.output === b ? a : b
  if (!sigmoid || x === undefined || sigmoid.inputs[0] !== x) return null
  return { inner: [sigmoid], make: () => at.add('silu', {}, at.value(x)) }
}

/** slope * x + (1 - slope) * relu(x). */
const leakyRelu: Match = (node, at) => {
  if (node.op !== 'Add') return null
  const [a, b] = node.inputs.map((name) => withNumber(at, single(at, name, 'Mul')))
  const relu = single(at, b?.other, 'Relu')
  if (!a || !b || !relu || relu.inputs[0] !== a.other || Math.abs(a.number + b.number - 1) > 1e-6) return null
  const params = { slope: meant(a.number) }
  return { inner: [a.node, b.node, relu], make: () => at.add('leaky-relu', { params }, at.value(a.other)) }
}

/** relu(x) + alpha * exp(x - relu(x)) - alpha. */
const elu: Match = (node, at) => {
  if (node.op !== 'Add') return null
  const [positive = '', negative] = node.inputs
  const relu = at.producer(positive, 'Relu')
  const shift = withNumber(at, single(at, negative, 'Add'))
  const scale = withNumber(at, single(at, shift?.other, 'Mul'))
  const exp = single(at, scale ? scale.other : shift?.other, 'Exp')
  const rest = single(at, exp?.inputs[0], 'Sub')
  const alpha = scale?.number ?? 1
  if (!relu || !shift || !exp || !rest || Math.abs(shift.number + alpha) > 1e-6) return null
  const [x = ''] = relu.inputs
  if (rest.inputs[0] !== x || rest.inputs[1] !== positive || at.view.uses.get(positive) !== 2) return null
  return {
    inner: [relu, shift.node, ...(scale ? [scale.node] : []), exp, rest],
    make: () => at.add('elu', { params: { alpha: meant(alpha) } }, at.value(x)),
  }
}

/** x / 2 * (1 + erf(x / sqrt(2))), half of x taken before or after. */
const gelu: Match = (node, at) => {
  if (node.op !== 'Mul') return null
  const late = withNumber(at, node)
  const product = late ? single(at, late.other, 'Mul') : node
  const [first, second] = product?.inputs ?? []
  const early = late ? null : withNumber(at, single(at, first, 'Mul'))
  const one = withNumber(at, single(at, second, 'Add'))
  const erf = single(at, one?.other, 'Erf')
  const inner = erf && (single(at, erf.inputs[0], 'Mul') ?? single(at, erf.inputs[0], 'Div'))
  const root = inner && operand(inner, at)
  const half = late?.number ?? early?.number
  const x = early ? early.other : first
  if (!product || !erf || !root || one?.number !== 1 || half !== 0.5 || root.other !== x) return null
  const factor = scalarOf(root.constant)
  const wanted = inner.op === 'Div' ? Math.SQRT2 : Math.SQRT1_2
  if (factor === null || Math.abs(factor - wanted) > 1e-6) return null
  const nodes = [one.node, erf, inner, ...(early ? [early.node] : []), ...(late ? [product] : [])]
  return { inner: nodes, make: () => at.add('gelu', {}, at.value(x)) }
}

export const composites: readonly Match[] = [responseNorm, distances, scaledTanh, silu, gelu, leakyRelu, elu]
