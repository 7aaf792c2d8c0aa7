import { readTensor } from '../../../formats/onnx/read-tensor.ts'
import type { Constant, OnnxNode } from './graph.ts'

type Folding = (node: OnnxNode, inputs: readonly Constant[]) => Omit<Constant, 'from'> | null

/**
 * The value of a node that depends on constants alone; null when it depends on the input, or does what is not computed
 * here, which then is a node like any other.
 */
export function fold(
  node: OnnxNode,
  constants: ReadonlyMap<string, Constant>,
  outside: (path: string) => Uint8Array,
): Constant | null {
  if (node.op === 'Constant') return constantOf(node, outside)
  const inputs = node.inputs.map((name) => constants.get(name))
  if (inputs.length === 0 || !inputs.every((input) => input !== undefined)) return null
  const value = FOLDINGS[node.op]?.(node, inputs)
  return value ? { ...value, from: [...new Set(inputs.flatMap(({ from }) => from))] } : null
}

function constantOf(node: OnnxNode, outside: (path: string) => Uint8Array): Constant | null {
  const tensor = node.tensor('value')
  if (tensor) return { ...readTensor(tensor, outside), from: [] }
  const ints = node.ints('value_ints')
  if (ints) return { dims: [ints.length], values: [...ints], from: [] }
  const number = node.float('value_float', Number.NaN)
  return Number.isNaN(number) ? null : { dims: [], values: Float32Array.of(number), from: [] }
}

/** Values that arithmetic may make: small files must not ask for large memory. */
const LARGEST = 2 ** 26

const sizeOf = (dims: readonly number[]): number => dims.reduce((product, side) => product * side, 1)

/** Steps in a row-first array for each axis. */
function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length).fill(1)
  for (let axis = dims.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * dims[axis + 1]!
  return strides
}

/** The shape two shapes broadcast to, as NumPy does; null when they do not. */
function broadcast(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length)
  const dims: number[] = []
  for (let axis = 0; axis < rank; axis++) {
    const [m, n] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1]
    if (m !== n && m !== 1 && n !== 1) return null
    dims.push(m === 1 ? n : m)
  }
  return dims
}

/** Reads an array as if it had been broadcast to `dims`. */
function reader({ dims: own, values }: Omit<Constant, 'from'>, dims: readonly number[]) {
  const [strides, outer] = [stridesOf(own), stridesOf(dims)]
  const skip = dims.length - own.length
  return (place: number): number => {
    let at = 0
    for (let axis = skip; axis < dims.length; axis++) {
      if (own[axis - skip] === 1) continue
      at += (Math.floor(place / outer[axis]!) % dims[axis]!) * strides[axis - skip]!
    }
    return values[at]!
  }
}

const both =
  (compute: (a: number, b: number) => number): Folding =>
  (_node, [a, b]) => {
    const dims = broadcast(a!.dims, b!.dims)
    if (!dims || sizeOf(dims) > LARGEST) return null
    const [first, second] = [reader(a!, dims), reader(b!, dims)]
    const values = Array.from({ length: sizeOf(dims) }, (_, place) => compute(first(place), second(place)))
    return { dims, values: a!.values instanceof Float32Array ? Float32Array.from(values) : values }
  }

const each =
  (compute: (a: number) => number): Folding =>
  (_node, [a]) => ({ dims: a!.dims, values: Float32Array.from(a!.values, compute) })

const same: Folding = (_node, [a]) => ({ dims: a!.dims, values: a!.values })

const FOLDINGS: Readonly<Record<string, Folding>> = {
  Add: both((a, b) => a + b),
  Sub: both((a, b) => a - b),
  Mul: both((a, b) => a * b),
  Div: (node, [a, b]) => {
    if (a!.values instanceof Float32Array) return both((x, y) => x / y)(node, [a!, b!])
    // whole numbers, sizes for the most part, are cut off
    return b!.values.includes(0) ? null : both((x, y) => Math.trunc(x / y))(node, [a!, b!])
  },
  Sqrt: each(Math.sqrt),
  Neg: each((a) => -a),
  Exp: each(Math.exp),
  Reciprocal: each((a) => 1 / a),
  Cast: same,
  Identity: same,
  Reshape: (_node, [a, shape]) => {
    const dims = filled(
      [...shape!.values].map((side, axis) => (side === 0 ? (a!.dims[axis] ?? 0) : side)),
      sizeOf(a!.dims),
    )
    return dims && { dims, values: a!.values }
  },
  Unsqueeze: (node, [a, axes]) => {
    const wanted = axes ? [...axes.values] : (node.ints('axes') ?? [])
    const rank = a!.dims.length + wanted.length
    const ones = new Set(wanted.map((axis) => (axis < 0 ? axis + rank : axis)))
    const rest = [...a!.dims]
    return {
      dims: Array.from({ length: rank }, (_, axis) => (ones.has(axis) ? 1 : rest.shift()!)),
      values: a!.values,
    }
  },
  Squeeze: (node, [a, axes]) => {
    const wanted = axes ? [...axes.values] : node.ints('axes')
    const rank = a!.dims.length
    const gone = wanted?.map((axis) => (axis < 0 ? axis + rank : axis))
    return {
      dims: a!.dims.filter((side, axis) => (gone ? !gone.includes(axis) : side !== 1)),
      values: a!.values,
    }
  },
  Transpose: (node, [a]) => {
    const order = node.ints('perm') ?? a!.dims.map((_, axis) => a!.dims.length - 1 - axis)
    return transposed(a!, order)
  },
  Concat: (node, inputs) => concatenated(inputs, node.int('axis', 0)),
  Gather: (node, [a, indices]) => gathered(a!, indices!, node.int('axis', 0)),
}

/** Whether nodes of that kind are computed where they depend on constants alone. */
export const folds = (op: string): boolean => Object.hasOwn(FOLDINGS, op)

/** Sizes with what is left in the place of -1. */
function filled(wanted: readonly number[], size: number): number[] | null {
  const known = sizeOf(wanted.filter((side) => side !== -1))
  const dims = wanted.map((side) => (side === -1 ? size / known : side))
  return sizeOf(dims) === size ? dims : null
}

function transposed({ dims, values }: Constant, order: readonly number[]): Omit<Constant, 'from'> {
  const strides = stridesOf(dims)
  const turned = order.map((axis) => dims[axis]!)
  const steps = order.map((axis) => strides[axis]!)
  const outer = stridesOf(turned)
  const result = values instanceof Float32Array ? new Float32Array(values.length) : values.slice()
  for (let place = 0; place < result.length; place++) {
    let at = 0
    for (let axis = 0; axis < turned.length; axis++) {
      at += (Math.floor(place / outer[axis]!) % turned[axis]!) * steps[axis]!
    }
    result[place] = values[at]!
  }
  return { dims: turned, values: result }
}

/** Both along the first axis alone, which is where weights and shapes are put together. */
function concatenated(inputs: readonly Constant[], axis: number): Omit<Constant, 'from'> | null {
  if (axis !== 0) return null
  const dims = [inputs.reduce((sum, input) => sum + input.dims[0]!, 0), ...inputs[0]!.dims.slice(1)]
  const values = inputs.flatMap((input) => [...input.values])
  return { dims, values: inputs[0]!.values instanceof Float32Array ? Float32Array.from(values) : values }
}

function gathered(a: Constant, indices: Constant, axis: number): Omit<Constant, 'from'> | null {
  if (axis !== 0) return null
  const [rows = 1, ...rest] = a.dims
  const size = sizeOf(rest)
  if (indices.values.length * size > LARGEST) return null
  const values = [...indices.values].flatMap((index) => {
    const row = index < 0 ? index + rows : index
    return [...a.values.slice(row * size, (row + 1) * size)]
  })
  return {
    dims: [...indices.dims, ...rest],
    values: a.values instanceof Float32Array ? Float32Array.from(values) : values,
  }
}
