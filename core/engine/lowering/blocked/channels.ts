import type { Tensor } from '../../../layers/builder.ts'
import type { Operation } from '../../ops/primitive.ts'
import type { SliceAttributes } from '../../ops/slice.ts'
import { isMap } from './conv.ts'
import { blockedForm, keyOf, roundUp, vectorForm } from './forms.ts'
import type { BlockedGraph } from './graph.ts'

/** Maps stacked along channels: whole blocks lie behind one another, so that all but the last must fill theirs. */
export function emitMapConcat(g: BlockedGraph, op: Operation<{ readonly axis: number }>): boolean {
  const maps = op.inputs
  const fits =
    op.attributes.axis === 1 &&
    maps.some((map) => isMap(g, map)) &&
    maps.slice(0, -1).every((map) => map.shape[1]! % g.block === 0)
  if (!fits) return stackMaps(g, op)
  const names = maps.map((map) => g.as(map, blockedForm(map.shape)))
  g.put(op.output, blockedForm(op.output.shape), g.op('Concat', names, { axis: 1 }))
  return true
}

/** Maps that don't fill blocks, which wait for readers that take them one by one. */
function stackMaps(g: BlockedGraph, op: Operation<{ readonly axis: number }>): boolean {
  const { axis } = op.attributes
  if (axis !== 1 || !op.inputs.every((map) => isMap(g, map))) return false
  g.defer(op.output, { kind: 'stack', form: null, parts: op.inputs, axis })
  return true
}

/** One of several tensors that were not put together. */
export function emitStackSlice(g: BlockedGraph, op: Operation<SliceAttributes>): boolean {
  const pending = g.pendingOf(op.inputs[0]!)
  const { axis, begin, end } = op.attributes
  if (pending?.kind !== 'stack' || pending.axis !== axis) return false
  let at = 0
  for (const part of pending.parts) {
    const next = at + part.shape[axis]!
    if (at === begin && next === end) {
      const form = g.formOf(part)
      if (form) g.put(op.output, form, g.as(part, form))
      else g.bind(op.output, g.name(part))
      return true
    }
    at = next
  }
  return false
}

/** Whole blocks cut out of maps, as the gradient of stacking them wants. */
export function emitMapSlice(g: BlockedGraph, op: Operation<SliceAttributes>): boolean {
  const [x] = op.inputs as [Tensor]
  const { axis, begin, end } = op.attributes
  const isEnd = end === x.shape[1]
  if (axis !== 1 || !isMap(g, x) || begin % g.block !== 0 || (end % g.block !== 0 && !isEnd)) return false
  const form = blockedForm(op.output.shape)
  const channels = g.shapeOf(form)[1]!
  const source = g.as(x, blockedForm(x.shape))
  const cut = g.op('Slice', [source, g.ints([begin]), g.ints([begin + channels]), g.ints([1])])
  g.put(op.output, form, cut)
  return true
}

/** Whether a tensor was made as a vector over channels. */
export function isVector(g: BlockedGraph, { shape, id }: Tensor): boolean {
  const form = g.blockedFormOf({ shape, id })
  return shape.length === 1 && form !== null && keyOf(form) === keyOf(vectorForm(shape[0]!))
}

/** Vectors over channels one behind another, which wait for readers that take them one by one. */
export function emitVectorConcat(g: BlockedGraph, op: Operation<{ readonly axis: number }>): boolean {
  if (op.attributes.axis !== 0 || op.output.shape.length !== 1) return false
  const parts = op.inputs.flatMap((vector) => {
    const pending = g.pendingOf(vector)
    return pending?.kind === 'stack' && pending.axis === 0 ? pending.parts : [vector]
  })
  if (!parts.some((part) => isVector(g, part))) return false
  const whole = () => joinVectors(g, parts)
  g.defer(op.output, { kind: 'stack', form: null, parts, axis: 0, whole })
  return true
}

/** Vectors as they lie in memory, from which what only fills them up is left out at once. */
function joinVectors(g: BlockedGraph, vectors: readonly Tensor[]): string {
  const order: number[] = []
  let begin = 0
  const names = vectors.map((vector) => {
    const channels = vector.shape[0]!
    const filled = isVector(g, vector)
    for (let i = 0; i < channels; i++) order.push(begin + i)
    begin += filled ? roundUp(channels, g.block) : channels
    return filled ? g.vector(vector, channels) : g.name(vector)
  })
  const joined = names.length === 1 ? names[0]! : g.op('Concat', names, { axis: 0 })
  return order.length === begin ? joined : g.op('Gather', [joined, g.ints(order)], { axis: 0 })
}
