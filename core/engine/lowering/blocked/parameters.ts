import type { Tensor } from '../../../layers/builder.ts'
import type { Operation } from '../../ops/primitive.ts'
import type { SliceAttributes } from '../../ops/slice.ts'
import { FLAT } from './forms.ts'
import type { BlockedGraph } from './graph.ts'

/** A weight cut out of the flat parameters. */
export function emitWeightSlice(g: BlockedGraph, op: Operation<SliceAttributes>): boolean {
  const [flat] = op.inputs as [Tensor]
  if (g.formOf(flat)?.kind !== 'flat') return false
  const { begin, end } = op.attributes
  const index = g.stored.findIndex(({ slot }) => slot.offset === begin && slot.offset + slot.size === end)
  const stored = g.stored[index]
  if (!stored) return false
  g.markSlot(op.output, index)
  const name = g.slotView(g.as(flat, FLAT), stored)
  if (stored.form) g.put(op.output, stored.form, name)
  else g.bind(op.output, name)
  return true
}

/** Values for all weights, one after another, put together as the flat parameters are stored. */
export function emitFlatConcat(g: BlockedGraph, op: Operation<{ readonly axis: number }>): boolean {
  const parts = op.inputs
  const isFlat =
    op.output.shape.length === 1 &&
    parts.length === g.stored.length &&
    g.stored.every(({ slot }, i) => parts[i]!.shape[0] === slot.size)
  if (!isFlat) return false
  const stored = g.stored.map(({ form, size }, i) => {
    const name = form ? g.as(parts[i]!, form) : g.name(parts[i]!)
    return form?.kind === 'blocked' ? g.view(name, [size]) : name
  })
  g.put(op.output, FLAT, g.op('Concat', stored, { axis: 0 }))
  return true
}
