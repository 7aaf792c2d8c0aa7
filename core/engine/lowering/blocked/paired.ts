import type { Tensor, Window } from '../../../layers/builder.ts'
import type { ConvAttributes } from '../../ops/conv.ts'
import type { ConvInputGradientAttributes } from '../../ops/conv-input-gradient.ts'
import type { MaxPoolAttributes } from '../../ops/max-pool.ts'
import { type Operation, sizeOf } from '../../ops/primitive.ts'
import { convolve } from './conv.ts'
import {
  type BlockedForm,
  blockedForm,
  type Form,
  filterForm,
  paired,
  parityForm,
  roundUp,
  stemForm,
  vectorForm,
} from './forms.ts'
import type { BlockedGraph } from './graph.ts'
import { halves } from './pool.ts'
import { fillSamples, overGroups } from './samples.ts'

/*
 * Maps of at most b / 2 channels would waste half of every block or more. Here a block holds two neighbouring columns
 * instead: [n, h, w, b / 2], read as [n, h, w / 2, b]. A convolution gives two columns at once, by its kernel written
 * twice, the second time a column further on. From such maps the next convolution gives even and odd columns as maps
 * of their own, [n, 2, c / b, h, w / 2, b], which is just what max pooling wants.
 */

const pairedForm = (shape: readonly number[]) => paired(blockedForm(shape))

const isPaired = (form: Form | null): form is BlockedForm =>
  form?.kind === 'blocked' && form.columns === 'paired'
const isParity = (form: Form | null): form is BlockedForm =>
  form?.kind === 'blocked' && form.columns === 'parity'

const even = (n: number): boolean => n % 2 === 0

/** Whether everybody who reads a convolution's result pools it by 2 x 2, and columns go in pairs. */
function isPooled(g: BlockedGraph, { attributes, output }: Operation<ConvAttributes>): boolean {
  const { window, groups } = attributes
  const { kernel, stride, dilation, padBefore, padAfter } = window
  const plain =
    groups === 1 &&
    kernel.length === 2 &&
    [...stride, ...dilation].every((n) => n === 1) &&
    [...padBefore, ...padAfter].every((n) => n === 0)
  const readers = g.readersOf(output)
  const pools = readers.every(
    (op) =>
      op.primitive.name.startsWith('maxPool') &&
      op.inputs[0]!.id === output.id &&
      halves((op as Operation<MaxPoolAttributes>).attributes.window, output.shape),
  )
  return plain && pools && readers.length > 0
}

/** A convolution of few channels in pairs of columns: of a network's images, or of maps that are paired themselves. */
export function emitPairedConv(g: BlockedGraph, op: Operation<ConvAttributes>): boolean {
  if (!isPooled(g, op)) return false
  const [x, w, bias] = op.inputs as [Tensor, Tensor, Tensor?]
  const [k, c] = w.shape as [number, number]
  const half = g.block / 2
  const twice = (lanes: number) => {
    if (!bias) return {}
    const form = lanes === half ? paired(vectorForm(k)) : vectorForm(k)
    const vector = g.view(g.as(bias, form), [sizeOf(g.shapeOf(form))])
    return { bias: g.op('Concat', [vector, vector], { axis: 0 }) }
  }
  const [n, , h, width] = op.output.shape as [number, number, number, number]
  const [kh, kw] = op.attributes.window.kernel as [number, number]
  if (isPaired(g.formOf(x)) && even(x.shape[3]!)) {
    const source = g.view(g.as(x, pairedForm(x.shape)), [n, g.block, x.shape[2]!, x.shape[3]! / 2])
    const window = { kernel: [kh, (kw + 1) / 2], pads: [0, 0, 0, 0] }
    const y = convolve(g, source, pairedFilters(g, w), { ...window, ...twice(g.block) })
    g.put(op.output, parityForm(op.output.shape), y)
    return true
  }
  if (k > half || c >= g.block || g.formOf(x) !== null) return false
  const window = { kernel: [kh, kw + 1], pads: [0, 0, 0, 0], strides: [1, 2] }
  const y = convolve(g, g.name(x), pairedStem(g, w), { ...window, ...twice(half) })
  g.put(op.output, pairedForm(op.output.shape), g.view(y, [n, half, h, width]))
  return true
}

/** Filters that read images and give two columns: [b, c, kh, kw + 1]. */
function pairedStem(g: BlockedGraph, w: Tensor): string {
  const [, c, kh, kw] = w.shape as [number, number, number, number]
  const stored = g.view(g.as(w, paired(stemForm(w.shape))), [kh, kw, c, g.block / 2])
  const ordered = g.op('Transpose', [stored], { perm: [2, 0, 1, 3] })
  const shifted = [0, 1].map((column) =>
    g.op('Pad', [ordered, g.ints([0, 0, column, 0, 0, 0, 1 - column, 0])]),
  )
  return g.view(g.op('Concat', shifted, { axis: 3 }), [g.block, c, kh, kw + 1])
}

/** Filters that read pairs of columns and give even and odd ones: [2, k / b, kh, (kw + 1) / 2, b, b]. */
function pairedFilters(g: BlockedGraph, w: Tensor): string {
  return g.shared(`paired filters of ${w.id}`, () => {
    const [k, , kh, kw] = w.shape as [number, number, number, number]
    const filters = roundUp(k, g.block)
    const stored = g.view(g.as(w, paired(filterForm(w.shape))), [
      (filters / g.block) * kh,
      kw,
      (g.block / 2) * g.block,
    ])
    return shiftedTwice(g, stored, [2 * filters, g.block, kh, (kw + 1) / 2])
  })
}

function shiftedTwice(g: BlockedGraph, rows: string, shape: readonly number[]): string {
  const shifted = [0, 1].map((column) => g.op('Pad', [rows, g.ints([0, column, 0, 0, 1 - column, 0])]))
  return g.view(g.op('Concat', shifted, { axis: 0 }), shape)
}

/** The gradient of the filters of either convolution above. */
export function emitPairedWeightGradient(g: BlockedGraph, op: Operation<ConvAttributes>): boolean {
  const [x, dy] = op.inputs as [Tensor, Tensor]
  const form = g.formOf(dy)
  const [kh, kw] = op.output.shape.slice(2) as [number, number]
  if (isParity(form) && isPaired(g.formOf(x))) {
    const sums = placesByFilters(
      g,
      x,
      g.as(x, pairedForm(x.shape)),
      g.block / 2,
      dy,
      g.as(dy, parityForm(dy.shape)),
    )
    const rows = (roundUp(op.output.shape[0]!, g.block) / g.block) * kh
    const sizes = { rows, kw, inner: (g.block / 2) * g.block }
    g.put(op.output, paired(filterForm(op.output.shape)), unshifted(g, sums, sizes))
    return true
  }
  if (!isPaired(form) || g.formOf(x) !== null) return false
  const c = x.shape[1]!
  const maps = c === 1 ? g.name(x) : g.op('Transpose', [g.name(x)], { perm: [0, 2, 3, 1] })
  const sums = placesByFilters(g, x, maps, c, dy, g.as(dy, pairedForm(dy.shape)))
  // two columns lie in one block: [kh * (kw + 1) * c, 2, b / 2]
  const lanes = g.view(sums, [kh * (kw + 1) * c, 2, g.block / 2])
  const columns = g.op('Transpose', [lanes], { perm: [1, 0, 2] })
  g.put(
    op.output,
    paired(stemForm(op.output.shape)),
    unshifted(g, columns, { rows: kh, kw, inner: c * (g.block / 2) }),
  )
  return true
}

/** x [n, h, w, lanes] convolved by dy of pairs of columns, with samples in the place of channels, summed over samples. */
function placesByFilters(
  g: BlockedGraph,
  x: Tensor,
  maps: string,
  lanes: number,
  dy: Tensor,
  gradient: string,
): string {
  const [n, , h, w] = x.shape as [number, number, number, number]
  const b = g.block
  const groups = roundUp(n, b) / b
  const [oh, ow] = dy.shape.slice(2) as [number, number]
  const size = h * w * lanes
  const source = g.blockedOp('ReorderInput', [
    g.view(fillSamples(g, maps, { n, size, multiple: 4 }), [1, roundUp(n, 4), 1, size]),
  ])
  const blocks = isParity(g.formOf(dy)) ? (2 * roundUp(dy.shape[1]!, b)) / b : 1
  const each = blocks * b * oh * (ow / 2)
  const filled = fillSamples(g, gradient, { n, size: each, multiple: b })
  const filters = g.blockedOp('ReorderInput', [g.view(filled, [groups, 1, b, each])], { channels_last: 1 })
  const sums = convolve(
    g,
    g.view(source, [1, groups * b, h, w * lanes]),
    g.view(filters, [groups * blocks * b, b, oh, ow / 2]),
    { kernel: [oh, ow / 2], pads: [0, 0, 0, 0], dilations: [1, 2 * lanes], group: groups },
  )
  const taps = (h - oh + 1) * (w - ow + 2) * lanes
  return overGroups(g, sums, 1, groups, blocks * taps * b)
}

/** The gradient of a kernel that was written twice, from those of both: [2, rows, kw + 1, inner]. */
function unshifted(
  g: BlockedGraph,
  sums: string,
  { rows, kw, inner }: { readonly rows: number; readonly kw: number; readonly inner: number },
): string {
  const both = g.split(g.view(sums, [2, rows, kw + 1, inner]), [1, 1], 0)
  const cut = both.map((one, column) => {
    const columns = g.view(one, [rows, kw + 1, inner])
    return g.op('Slice', [columns, g.ints([column]), g.ints([column + kw]), g.ints([1])])
  })
  return g.view(g.op('Add', cut), [rows * kw * inner])
}

/** The gradient of paired columns. */
export function emitPairedInputGradient(
  g: BlockedGraph,
  op: Operation<ConvInputGradientAttributes>,
): boolean {
  const [dy, w] = op.inputs as [Tensor, Tensor]
  if (!isParity(g.formOf(dy))) return false
  const b = g.block
  const [k, , kh, kw] = w.shape as [number, number, number, number]
  const [n, , h, width] = op.output.shape as [number, number, number, number]
  const blocks = (2 * roundUp(k, b)) / b
  const taps = [kh, (kw + 1) / 2] as const
  const all = sizeOf(taps)
  const order = Array.from({ length: blocks * all }, (_, i) => i - (i % all) + (all - 1 - (i % all)))
  const pieces = g.view(pairedFilters(g, w), [blocks * all, b * b])
  const picked = g.op('Gather', [pieces, g.ints(order)], { axis: 0 })
  const turned = g.blockedOp('ReorderInput', [g.view(picked, [blocks * all, b, 1, b])])
  const [top, left] = [taps[0] - 1, taps[1] - 1]
  const dx = convolve(g, g.as(dy, parityForm(dy.shape)), g.view(turned, [b, blocks * b, ...taps]), {
    kernel: taps,
    pads: [top, left, top, left],
  })
  g.put(op.output, pairedForm(op.output.shape), g.view(dx, [n, b / 2, h, width]))
  return true
}

/** Left and right columns, and of the larger ones top and bottom rows. */
interface Corners {
  readonly left: string
  readonly right: string
  readonly top: string
  readonly bottom: string
}

/** Sizes that a map falls into when its columns, and then its rows, are taken apart. */
function sizesOf(g: BlockedGraph, x: Tensor) {
  const [n, c, h, w] = x.shape as [number, number, number, number]
  const form = isParity(g.formOf(x)) ? parityForm(x.shape) : pairedForm(x.shape)
  const maps = isParity(form) ? n * (roundUp(c, g.block) / g.block) : n
  const lanes = isParity(form) ? g.block : g.block / 2
  const row = (w / 2) * lanes
  const columns = isParity(form) ? [n, 2, (maps / n) * h * row] : [(n * h * w) / 2, 2, lanes]
  return { form, maps, columns, rows: [(maps * h) / 2, 2, row], shape: [n, (maps / n) * lanes, h / 2, w / 2] }
}

function cornersOf(g: BlockedGraph, x: Tensor): Corners {
  const { form, columns, rows } = sizesOf(g, x)
  const key = `corners of ${x.id}`
  const halvesOf = (name: string, shape: readonly number[]) =>
    g.split(g.view(name, shape), [1, 1], 1) as [string, string]
  const [left, right] = halvesOf(g.as(x, form), columns)
  const larger = g.shared(key, () => g.op('Max', [left, right]))
  const [top, bottom] = halvesOf(larger, rows)
  return { left, right, top, bottom }
}

/** Max pooling of 2 x 2 windows of either kind of maps, columns first, as its gradient wants it. */
export function emitPairedPool(g: BlockedGraph, op: Operation<MaxPoolAttributes>): boolean {
  const [x] = op.inputs as [Tensor]
  const native = g.formOf(x)
  if (!isPairedPool(g, x, op.attributes.window)) return false
  const { shape } = sizesOf(g, x)
  const { top, bottom } = cornersOf(g, x)
  const y = g.view(g.op('Max', [top, bottom]), shape)
  const form = isParity(native) ? blockedForm(op.output.shape) : pairedForm(op.output.shape)
  g.put(op.output, form, y)
  return true
}

const isPairedPool = (g: BlockedGraph, x: Tensor, window: Window): boolean =>
  (isPaired(g.formOf(x)) || isParity(g.formOf(x))) && halves(window, x.shape)

/** Its gradient: the first one wins where two are equal. */
export function emitPairedPoolGradient(g: BlockedGraph, op: Operation<MaxPoolAttributes>): boolean {
  const [x, , dy] = op.inputs as [Tensor, Tensor, Tensor]
  if (!isPairedPool(g, x, op.attributes.window)) return false
  const { form, columns, rows } = sizesOf(g, x)
  const { left, right, top, bottom } = cornersOf(g, x)
  const share = (gradient: string, first: string, second: string) => {
    // a clipped line so steep that it is a step: 1 where the first one is not smaller
    const wins = g.op('HardSigmoid', [g.op('Sub', [first, second])], {
      alpha: { float: 3e38 },
      beta: { float: 1 },
    })
    const toFirst = g.op('Mul', [gradient, wins])
    return [toFirst, g.op('Sub', [gradient, toFirst])]
  }
  const weave = (parts: readonly string[]) => g.op('Concat', parts, { axis: 1 })
  const source = isParity(form) ? g.as(dy, blockedForm(dy.shape)) : g.as(dy, pairedForm(dy.shape))
  const one = ([count, , size]: readonly number[]) => [count!, 1, size!]
  const byRow = weave(share(g.view(source, one(rows)), top, bottom))
  const whole = weave(share(g.view(byRow, one(columns)), left, right))
  g.put(op.output, form, g.view(whole, g.shapeOf(form)))
  return true
}

/** Sums over samples and places, as biases want them. */
export function emitPairedSum(g: BlockedGraph, op: Operation<{ readonly axes: readonly number[] }>): boolean {
  const [x] = op.inputs as [Tensor]
  const form = g.formOf(x)
  if (!isPaired(form) && !isParity(form)) return false
  if ([...op.attributes.axes].sort().join() !== '0,2,3' || x.shape.length !== 4) return false
  const [n, c, h, w] = x.shape as [number, number, number, number]
  const lanes = isParity(form) ? roundUp(c, g.block) : g.block / 2
  const places = h * (w / 2)
  const maps = g.view(g.as(x, form), [n, 2 * lanes, h, w / 2])
  const means = g.blockedOp('GlobalAveragePool', [maps])
  const row = g.floats(new Float32Array(n).fill(places), [1, n])
  const totals = g.op('Gemm', [row, g.view(means, [n, 2 * lanes])])
  const sums = g.op('ReduceSum', [g.view(totals, [2, lanes]), g.ints([0])], { keepdims: 0 })
  const made = isParity(form) ? vectorForm(c) : paired(vectorForm(c))
  g.put(op.output, made, g.view(sums, g.shapeOf(made)))
  return true
}
