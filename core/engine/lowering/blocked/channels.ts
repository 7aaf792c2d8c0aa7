import type { Tensor } from '../../../layers/builder.ts'
import type { Operation } from '../../ops/primitive.ts'
import type { SliceAttributes } from '../../ops/slice.ts'
import { isMap } from './conv.ts'
import { blockedForm } from './forms.ts'
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
