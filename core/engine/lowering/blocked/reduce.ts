import type { Tensor } from '../../../layers/builder.ts'
import type { MatmulAttributes } from '../../ops/matmul.ts'
import { type Operation, sizeOf } from '../../ops/primitive.ts'
import type { ReduceAttributes } from '../../ops/sum.ts'
import { convolve, isMap } from './conv.ts'
import { type BlockedForm, blockedForm, roundUp, vectorForm } from './forms.ts'
import type { BlockedGraph } from './graph.ts'

/** Sums over places, and over samples too: of maps, or of the product of two, which then is never made. */
export function emitSum(g: BlockedGraph, op: Operation<ReduceAttributes>): boolean {
  const [x] = op.inputs as [Tensor]
  if (op.attributes.axes.length === x.shape.length) return sumOfAll(g, op, x)
  const axes = [...op.attributes.axes].sort((a, b) => a - b).join()
  if ((axes !== '2,3' && axes !== '0,2,3') || !isMap(g, x)) return false
  const [n, c] = x.shape as [number, number]
  const channels = roundUp(c, g.block)
  const area = sizeOf(x.shape.slice(2))
  const pending = g.pendingOf(x)
  const product = pending?.kind === 'product' && g.isReadOnce(x) ? pending : null
  const sums = product
    ? dot(g, product.a, product.b)
    : g.blockedOp('GlobalAveragePool', [g.as(x, blockedForm(x.shape))])
  const factor = product ? 1 : area
  if (axes === '2,3') {
    const scaled = factor === 1 ? sums : g.op('Mul', [sums, g.scalar(factor)])
    g.put(op.output, blockedForm([n, c]), g.view(scaled, [n, channels, 1, 1]))
  } else {
    const row = g.floats(new Float32Array(n).fill(factor), [1, n])
    const total = g.op('Gemm', [row, g.view(sums, [n, channels])])
    g.put(op.output, vectorForm(c), g.view(total, [1, channels, 1, 1]))
  }
  return true
}

/** The sum of everything, which zeros that fill up don't change. */
function sumOfAll(g: BlockedGraph, op: Operation<ReduceAttributes>, x: Tensor): boolean {
  const form = g.formOf(x)
  if (!form || form.kind === 'flat') return false
  const total = g.op('ReduceSum', [g.view(g.as(x, form), [-1]), g.ints([0])], { keepdims: 0 })
  g.bind(op.output, g.view(total, op.output.shape))
  return true
}

/** Sums of a * b over places: a depthwise convolution of one map with the other as filter. */
export function dot(g: BlockedGraph, a: Tensor, b: Tensor): string {
  const [n, c, h, w] = a.shape as [number, number, number, number]
  const groups = n * roundUp(c, g.block)
  return convolve(
    g,
    g.view(g.as(a, blockedForm(a.shape)), [1, groups, h, w]),
    g.view(g.as(b, blockedForm(b.shape)), [groups, 1, h, w]),
    { kernel: [h, w], pads: [0, 0, 0, 0], group: groups },
  )
}

/**
 * Matrix products with blocked rows: dense layers over flattened maps, whose weights lie in the maps' order, and sums
 * over samples. Either rows meet rows of the same form, or the second operand's form passes to the result.
 */
export function emitMatmul(g: BlockedGraph, op: Operation<MatmulAttributes>): boolean {
  const [a, b] = op.inputs as [Tensor, Tensor]
  const t = op.attributes
  const rows = (tensor: Tensor, form: BlockedForm) =>
    g.view(g.as(tensor, form), [form.n, sizeOf(g.shapeOf(form)) / form.n])
  if (t.b) {
    if (t.a) return false
    const form = rowForm(g, a) ?? rowForm(g, b)
    if (!form) return false
    const left = rows(a, { ...form, n: a.shape[0]! })
    const right = rows(b, { ...form, n: b.shape[0]! })
    g.bind(op.output, g.op('Gemm', [left, right], { transB: 1 }))
    return true
  }
  const form = rowForm(g, b)
  if (!form) return false
  const made = { ...form, n: op.output.shape[0]! }
  const product = g.op('Gemm', [g.name(a), rows(b, form)], { transA: t.a ? 1 : 0 })
  g.put(op.output, made, g.view(product, g.shapeOf(made)))
  return true
}

/** The form of a matrix whose rows are blocked one by one. */
function rowForm(g: BlockedGraph, matrix: Tensor): BlockedForm | null {
  const form = g.blockedFormOf(matrix)
  return form && form.n === matrix.shape[0] ? form : null
}

/** Reshaping moves nothing, so the form stays; maps that were flattened are maps again without a detour. */
export function emitReshape(g: BlockedGraph, op: Operation): boolean {
  const [x] = op.inputs as [Tensor]
  const stored = g.storedOf(x)
  if (stored) g.markStored(op.output, stored)
  const pending = g.pendingOf(x)
  // vectors that become something else are put together first
  if (pending?.kind === 'stack' && (pending.axis > 0 || op.output.shape.length === 1)) {
    g.defer(op.output, pending)
    return true
  }
  const form = g.formOf(x)
  if (!form) return false
  g.put(op.output, form, g.as(x, form))
  return true
}
