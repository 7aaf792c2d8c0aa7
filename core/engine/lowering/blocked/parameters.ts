import type { Tensor } from '../../../layers/builder.ts'
import type { ExpandAttributes } from '../../ops/expand.ts'
import { type Operation, sizeOf } from '../../ops/primitive.ts'
import type { SliceAttributes } from '../../ops/slice.ts'
import { FLAT } from './forms.ts'
import type { BlockedGraph } from './graph.ts'

/** A weight cut out of the flat parameters, or a part out of a weight that is stored in parts. */
export function emitWeightSlice(g: BlockedGraph, op: Operation<SliceAttributes>): boolean {
  const [source] = op.inputs as [Tensor]
  if (g.storedOf(source)) return emitPart(g, op, source)
  if (g.formOf(source)?.kind !== 'flat') return false
  const { begin, end } = op.attributes
  const pieces = Array.from(g.stored.keys()).filter((i) => {
    const { slot } = g.stored[i]!
    return slot.offset === begin && slot.offset + slot.size === end
  })
  if (pieces.length === 0) return false
  g.markStored(op.output, pieces)
  const flat = g.as(source, FLAT)
  if (pieces.length === 1) {
    bindStored(g, op.output, pieces[0]!, g.storedView(flat, pieces[0]!))
    return true
  }
  const { shape } = g.stored[pieces[0]!]!.slot
  const axis = shape.length === 1 ? 0 : 1
  const parts = pieces.map((index) => {
    const { from, to } = g.stored[index]!
    const part = g.ownTensor(shape.map((n, i) => (i === axis ? to - from : n)))
    bindStored(g, part, index, g.storedView(flat, index))
    return part
  })
  g.defer(op.output, { kind: 'stack', form: null, parts, axis })
  return true
}

function emitPart(g: BlockedGraph, op: Operation<SliceAttributes>, whole: Tensor): boolean {
  const { begin, end } = op.attributes
  const pieces = g.storedOf(whole)!
  const pending = g.pendingOf(whole)
  const at = pieces.findIndex((index) => g.stored[index]!.from === begin && g.stored[index]!.to === end)
  if (at < 0 || pending?.kind !== 'stack') return false
  const part = pending.parts[at]!
  const { form } = g.stored[pieces[at]!]!
  bindStored(g, op.output, pieces[at]!, form ? g.as(part, form) : g.name(part))
  return true
}

function bindStored(g: BlockedGraph, tensor: Tensor, index: number, name: string): void {
  const { form } = g.stored[index]!
  g.markStored(tensor, [index])
  if (form) g.put(tensor, form, name)
  else g.bind(tensor, g.view(name, tensor.shape))
}

/** Values for all weights, one after another, put together as the flat parameters are stored. */
export function emitFlatConcat(g: BlockedGraph, op: Operation<{ readonly axis: number }>): boolean {
  const { inputs, output } = op
  const slots = [...new Set(g.stored.map(({ slot }) => slot))]
  const isFlat =
    output.shape.length === 1 &&
    inputs.length === slots.length &&
    slots.every(({ size }, i) => inputs[i]!.shape[0] === size)
  if (!isFlat) return false
  let next = 0
  const names = slots.flatMap((slot, i) => {
    const first = next
    while (g.stored[next]?.slot === slot) next++
    return piecesOf(g, inputs[i]!, first, next)
  })
  g.put(output, FLAT, g.op('Concat', names, { axis: 0 }))
  return true
}

/** Values for one weight in the pieces that it is stored in. */
function piecesOf(g: BlockedGraph, values: Tensor, first: number, end: number): string[] {
  const stored = g.stored.slice(first, end)
  const pending = g.pendingOf(values)
  if (pending?.kind === 'zeros') return stored.map(({ size }) => g.floats(new Float32Array(size), [size]))
  const parts = stored.length === 1 ? [values] : partsOf(g, values, first, end)
  return stored.map(({ form, size }, i) => {
    const name = form ? g.as(parts[i]!, form) : g.name(parts[i]!)
    return form?.kind === 'filter' || form?.kind === 'stem' ? name : g.view(name, [size])
  })
}

function partsOf(g: BlockedGraph, values: Tensor, first: number, end: number): readonly Tensor[] {
  const stored = g.stored.slice(first, end)
  const pending = g.pendingOf(values)
  const { shape } = stored[0]!.slot
  const axis = shape.length === 1 ? 0 : 1
  if (pending?.kind === 'stack' && pending.parts.length === stored.length) {
    const fits = pending.parts.every((part, i) => part.shape[axis] === stored[i]!.to - stored[i]!.from)
    if (fits) return pending.parts
  }
  const whole = g.view(g.name(values), shape)
  return stored.map(({ from, to }) => {
    const part = g.ownTensor(shape.map((n, i) => (i === axis ? to - from : n)))
    g.bind(part, g.op('Slice', [whole, g.ints([from]), g.ints([to]), g.ints([axis])]))
    return part
  })
}

/** Gradients of filters that lie in parts: whoever stores them takes them one by one. */
export function emitFilterConcat(g: BlockedGraph, op: Operation<{ readonly axis: number }>): boolean {
  const { axis } = op.attributes
  const isFilter = (part: Tensor) => ['filter', 'stem'].includes(g.formOf(part)?.kind ?? '')
  if (axis !== 1 || !op.inputs.every(isFilter)) return false
  g.defer(op.output, { kind: 'stack', form: null, parts: op.inputs, axis })
  return true
}

/** Zeros for weights that don't decay. */
export function emitZeros(g: BlockedGraph, op: Operation<ExpandAttributes>): boolean {
  const [value] = op.inputs as [Tensor]
  if (op.output.shape.length !== 1 || sizeOf(value.shape) !== 1 || !g.isZero(value)) return false
  g.defer(op.output, { kind: 'zeros', form: null })
  return true
}
