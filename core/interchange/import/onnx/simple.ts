import type { KindName } from '../../../layers/index.ts'
import type { Context, Recipe } from './context.ts'
import type { Constant, OnnxNode } from './graph.ts'
import { meant } from './match.ts'
import { calledAfter, Unsupported, type Value } from './network.ts'

/** Nodes that are one layer each. */

const plain =
  (kind: KindName, params: (node: OnnxNode) => Readonly<Record<string, unknown>> = () => ({})): Recipe =>
  (node, at) =>
    at.add(kind, { params: params(node) }, at.value(node.inputs[0]!))

const joined =
  (kind: KindName): Recipe =>
  (node, at) =>
    together(
      at,
      kind,
      node.inputs.map((name) => at.value(name)),
    )

/** One value alone is joined with nothing. */
const together = (at: Context, kind: KindName, values: readonly Value[]): Value =>
  values.length === 1 ? values[0]! : at.add(kind, {}, ...values)

const identity: Recipe = (node, at) => at.value(node.inputs[0]!)

const dropout: Recipe = (node, at) => {
  const rate = at.constant(node, 1)?.values[0] ?? node.float('ratio', 0.5)
  return at.add('dropout', { params: { rate } }, at.value(node.inputs[0]!))
}

const batchNormalization: Recipe = (node, at) => {
  const names = ['weight', 'bias', 'running_mean', 'running_var']
  const constants = names.map((name, i) => [name, at.needed(node, i + 1, name)] as const)
  return at.add(
    'batchnorm',
    {
      called: calledAfter(...constants.map(([, constant]) => constant)),
      params: { epsilon: node.float('epsilon', 1e-5), momentum: 1 - node.float('momentum', 0.9) },
      weights: Object.fromEntries(constants),
    },
    at.value(node.inputs[0]!),
  )
}

const instanceNormalization: Recipe = (node, at) => {
  const [weight, bias] = [at.needed(node, 1, 'scale'), at.needed(node, 2, 'shift')]
  return at.add(
    'instancenorm',
    {
      called: calledAfter(weight, bias),
      params: { epsilon: node.float('epsilon', 1e-5) },
      weights: { weight, bias },
    },
    at.value(node.inputs[0]!),
  )
}

const lrn: Recipe = (node, at) => {
  const n = node.int('size', 1)
  // of an even number of channels ONNX reaches one further up, and ours one further down
  if (n % 2 === 0) throw new Unsupported('it sums an even number of channels')
  const params = {
    n,
    k: node.float('bias', 1),
    alpha: node.float('alpha', 1e-4) / n,
    beta: node.float('beta', 0.75),
  }
  return at.add('lrn', { params }, at.value(node.inputs[0]!))
}

/** A constant matrix as a dense layer keeps it: a row a unit. */
export function dense(
  at: Context,
  x: Value,
  matrix: { constant: ReturnType<Context['needed']>; transposed: boolean },
  bias: ReturnType<Context['constant']>,
): Value {
  const { constant, transposed } = matrix
  const [rows = 0, columns = 0] = constant.dims
  const units = transposed ? rows : columns
  const inputs = transposed ? columns : rows
  if (constant.dims.length !== 2 || x.shape.join() !== String(inputs)) {
    throw new Unsupported(`its matrix is [${constant.dims.join(', ')}] and it reads [${x.shape.join(', ')}]`)
  }
  const values = transposed
    ? constant.values
    : Float32Array.from(
        { length: units * inputs },
        (_, i) => constant.values[(i % inputs) * units + Math.floor(i / inputs)]!,
      )
  return at.add(
    'dense',
    {
      called: calledAfter(constant, bias),
      params: { units, bias: bias !== undefined },
      weights: { weight: { values }, ...(bias ? { bias } : {}) },
    },
    x,
  )
}

const scaledBy = (constant: Constant, factor: number): Constant =>
  factor === 1
    ? constant
    : { ...constant, values: Float32Array.from(constant.values, (value) => value * factor) }

/** One number for all units as a number each. */
const spread = (values: Constant['values'], units: number): Constant['values'] =>
  values.length === 1 ? new Float32Array(units).fill(values[0]!) : values

const gemm: Recipe = (node, at) => {
  if (node.int('transA', 0) !== 0) throw new Unsupported('it turns its input around')
  const transposed = node.int('transB', 0) === 1
  const matrix = scaledBy(at.needed(node, 1, 'matrix'), node.float('alpha', 1))
  const units = matrix.dims[transposed ? 0 : 1] ?? 0
  const shift = node.inputs[2] ? scaledBy(at.needed(node, 2, 'shift'), node.float('beta', 1)) : undefined
  const bias = shift && { ...shift, values: spread(shift.values, units) }
  return dense(at, at.value(node.inputs[0]!), { constant: matrix, transposed }, bias)
}

const matMul: Recipe = (node, at) =>
  dense(
    at,
    at.value(node.inputs[0]!),
    { constant: at.needed(node, 1, 'matrix'), transposed: false },
    undefined,
  )

const concat: Recipe = (node, at) => {
  const values = node.inputs.map((name) => at.value(name))
  const axis = node.int('axis', 1)
  const rank = values[0]!.shape.length + 1
  if ((axis < 0 ? axis + rank : axis) !== 1)
    throw new Unsupported('it puts together along another axis than channels')
  return together(at, 'concat', values)
}

const softmax: Recipe = (node, at) => {
  const x = at.value(node.inputs[0]!)
  const axis = node.int('axis', -1)
  if ((axis < 0 ? axis + x.shape.length + 1 : axis) !== 1)
    throw new Unsupported('it goes along another axis than channels')
  return at.add('softmax', {}, x)
}

/** A value whose maps a node makes one number each of. */
function mapsOf(node: OnnxNode, at: Context, what: string): Value {
  const x = at.value(node.inputs[0]!)
  const rank = x.shape.length + 1
  const axes = [...(at.constant(node, 1)?.values ?? node.ints('axes') ?? [])].map((axis) =>
    axis < 0 ? axis + rank : axis,
  )
  const maps = x.shape.slice(1).map((_, i) => i + 2)
  if (maps.length > 0 && axes.sort((a, b) => a - b).join() === maps.join()) return x
  throw new Unsupported(`it takes ${what} along other axes than the maps`)
}

const keepsAxes = (node: OnnxNode) => ({ params: { keep: node.int('keepdims', 1) === 1 } })

/** A mean of each map, made as a sum times `scale` or, where that is absent, as a mean. */
export function poolMaps(node: OnnxNode, at: Context, scale?: number): Value {
  const x = mapsOf(node, at, 'sums or means')
  const places = x.shape.slice(1).reduce((product, side) => product * side, 1)
  if (Math.abs((scale ?? 1 / places) * places - 1) > 1e-5) {
    throw new Unsupported('it takes sums of maps, where a layer takes means')
  }
  return at.add('global-avgpool', keepsAxes(node), x)
}

/** Bounds of values: what they are in the end is a ReLU or nothing. */
const clip: Recipe = (node, at) => {
  const x = at.value(node.inputs[0]!)
  const bound = (input: number, name: string, otherwise: number): number =>
    node.inputs[input]
      ? (at.needed(node, input, `${name}imum`).values[0] ?? otherwise)
      : node.float(name, otherwise)
  const low = bound(1, 'min', Number.NEGATIVE_INFINITY)
  const high = bound(2, 'max', Number.POSITIVE_INFINITY)
  // the largest float32, either way, is how older exporters write that there is no bound
  if (high < 3.4e38) throw new Unsupported(`it cuts values off at ${meant(high)}, which no layer does`)
  if (low < -3.4e38) return x
  if (low !== 0) throw new Unsupported(`it cuts values off at ${meant(low)}, which no layer does`)
  return at.add('relu', {}, x)
}

export const simple: Readonly<Record<string, Recipe>> = {
  Add: joined('add'),
  BatchNormalization: batchNormalization,
  Clip: clip,
  Concat: concat,
  Dropout: dropout,
  Elu: plain('elu', (node) => ({ alpha: node.float('alpha', 1) })),
  Gemm: gemm,
  GlobalAveragePool: plain('global-avgpool', () => ({ keep: true })),
  GlobalMaxPool: plain('global-maxpool', () => ({ keep: true })),
  Identity: identity,
  InstanceNormalization: instanceNormalization,
  LRN: lrn,
  LeakyRelu: plain('leaky-relu', (node) => ({ slope: node.float('alpha', 0.01) })),
  MatMul: matMul,
  Mul: joined('multiply'),
  ReduceMax: (node, at) => at.add('global-maxpool', keepsAxes(node), mapsOf(node, at, 'maxima')),
  ReduceMean: (node, at) => poolMaps(node, at),
  // of maps of one place a sum is a mean
  ReduceSum: (node, at) => poolMaps(node, at, 1),
  Relu: plain('relu'),
  Sigmoid: plain('sigmoid'),
  Softmax: softmax,
  Sum: joined('add'),
  Tanh: plain('tanh'),
}
