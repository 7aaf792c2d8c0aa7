import type { Context, Recipe } from './context.ts'
import { Unsupported, type Value } from './network.ts'

/** Nodes that give the same values another shape, or leave some of them out. */

const product = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1)

/** The layer that makes a sample of that shape; none where it has it already. */
function reshaped(at: Context, x: Value, shape: readonly number[]): Value {
  if (shape.join() === x.shape.join()) return x
  if (shape.length === 1) return at.add('flatten', {}, x)
  return at.add('reshape', { params: { shape: [...shape] } }, x)
}

const flatten: Recipe = (node, at) => {
  if (node.int('axis', 1) !== 1) throw new Unsupported('it mixes samples')
  const x = at.value(node.inputs[0]!)
  return reshaped(at, x, [product(x.shape)])
}

const reshape: Recipe = (node, at) => {
  const x = at.value(node.inputs[0]!)
  const wanted = [...at.needed(node, 1, 'shape').values]
  // 0 keeps what is there; the first axis is the batch, whichever way it is written
  const rest = wanted.slice(1).map((side, i) => (side === 0 ? (x.shape[i] ?? 0) : side))
  const known = product(rest.filter((side) => side !== -1))
  const sample = rest.map((side) => (side === -1 ? product(x.shape) / known : side))
  if (rest.filter((side) => side === -1).length > 1 || product(sample) !== product(x.shape)) {
    throw new Unsupported(`its shape [${wanted.join(', ')}] mixes samples`)
  }
  return reshaped(at, x, sample)
}

const axesOf = (node: Parameters<Recipe>[0], at: Context, rank: number): number[] | null => {
  const axes = at.constant(node, 1)?.values ?? node.ints('axes')
  return axes ? [...axes].map((axis) => (axis < 0 ? axis + rank : axis)) : null
}

const squeeze: Recipe = (node, at) => {
  const x = at.value(node.inputs[0]!)
  const axes = axesOf(node, at, x.shape.length + 1)
  const gone = (i: number, side: number) => (axes ? axes.includes(i + 1) : side === 1)
  return reshaped(
    at,
    x,
    x.shape.filter((side, i) => !gone(i, side)),
  )
}

const unsqueeze: Recipe = (node, at) => {
  const x = at.value(node.inputs[0]!)
  const count = (at.constant(node, 1)?.values ?? node.ints('axes') ?? []).length
  const axes = axesOf(node, at, x.shape.length + 1 + count) ?? []
  const rest = [...x.shape]
  const shape = Array.from({ length: x.shape.length + count }, (_, i) =>
    axes.includes(i + 1) ? 1 : rest.shift()!,
  )
  return reshaped(at, x, shape)
}

const transpose: Recipe = (node, at) => {
  const order = node.ints('perm') ?? []
  if (order[0] !== 0) throw new Unsupported('it mixes samples')
  return at.add('permute', { params: { order: order.slice(1) } }, at.value(node.inputs[0]!))
}

const slice: Recipe = (node, at) => {
  const x = at.value(node.inputs[0]!)
  const list = (input: number, name: string) => [
    ...(at.constant(node, input)?.values ?? node.ints(name) ?? []),
  ]
  const [begins, ends, axes, steps] = [list(1, 'starts'), list(2, 'ends'), list(3, 'axes'), list(4, 'steps')]
  const [begin, end, axis] = [begins[0] ?? 0, ends[0] ?? 0, axes[0] ?? 0]
  const channels = x.shape[0]!
  if (begins.length !== 1 || !alongChannels(axis, x) || (steps[0] ?? 1) !== 1) {
    throw new Unsupported('it cuts along other axes than channels')
  }
  const place = (at: number) => Math.min(channels, at < 0 ? at + channels : at)
  return at.add('slice', { params: { begin: place(begin), count: place(end) - place(begin) } }, x)
}

const alongChannels = (axis: number, x: Value): boolean => (axis < 0 ? axis + x.shape.length + 1 : axis) === 1

/** A slice for each part. The last is smaller where the number of parts does not divide the channels. */
const split: Recipe = (node, at) => {
  const x = at.value(node.inputs[0]!)
  if (!alongChannels(node.int('axis', 0), x)) throw new Unsupported('it cuts along other axes than channels')
  const channels = x.shape[0]!
  const parts = node.int('num_outputs', node.outputs.length)
  const counts = [
    ...((node.inputs[1] ? at.needed(node, 1, 'list of sizes').values : node.ints('split')) ??
      node.outputs.map((_, i) => {
        const size = Math.ceil(channels / parts)
        return Math.min(size, channels - i * size)
      })),
  ]
  if (counts.length !== node.outputs.length || counts.reduce((sum, count) => sum + count, 0) !== channels) {
    throw new Unsupported(`its parts have ${counts.join(' + ')} channels where ${channels} come`)
  }
  let begin = 0
  const values = counts.map((count, i) => {
    const value = at.view.uses.has(node.outputs[i]!) ? at.add('slice', { params: { begin, count } }, x) : null
    begin += count
    return value
  })
  for (const [i, value] of values.entries()) if (i > 0 && value) at.define(node.outputs[i]!, value)
  // a first part that nothing reads is never asked for
  return values[0] ?? x
}

/** Amounts before and after each axis, the batch among them; operator set 18 may name the axes. */
function padsOf(node: Parameters<Recipe>[0], at: Context, rank: number): [number[], number[]] {
  const given = [...(node.inputs[1] ? at.needed(node, 1, 'padding').values : (node.ints('pads') ?? []))]
  const axes = node.inputs[3]
    ? [...at.needed(node, 3, 'list of axes').values].map((axis) => (axis < 0 ? axis + rank : axis))
    : Array.from({ length: rank }, (_, axis) => axis)
  const side = (from: number) =>
    Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? given[from + axes.indexOf(axis)]! : 0))
  return [side(0), side(axes.length)]
}

const pad: Recipe = (node, at) => {
  const x = at.value(node.inputs[0]!)
  const rank = x.shape.length + 1
  const [before, after] = padsOf(node, at, rank)
  if ([...before, ...after].every((side) => side === 0)) return x
  const mode = node.text('mode', 'constant')
  if (mode !== 'constant' && mode !== 'reflect') throw new Unsupported(`it fills up by "${mode}"`)
  const fill = node.inputs[2] ? at.needed(node, 2, 'filling').values[0] : node.float('value', 0)
  if (mode === 'constant' && fill !== 0)
    throw new Unsupported(`it fills up with ${fill}, where a layer has zeros`)
  const edges = [before[0], after[0], before[1], after[1]]
  if (rank !== 4 || edges.some((side) => side !== 0)) {
    throw new Unsupported('it fills up other axes than those of maps')
  }
  const amounts = [before[2]!, after[2]!, before[3]!, after[3]!]
  return at.add('pad2d', { params: { amounts, mode: mode === 'reflect' ? 'reflect' : 'zero' } }, x)
}

export const shapes: Readonly<Record<string, Recipe>> = {
  Flatten: flatten,
  Pad: pad,
  Reshape: reshape,
  Slice: slice,
  Split: split,
  Squeeze: squeeze,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
}
