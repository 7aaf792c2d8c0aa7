import type { Tensor } from '../../../layers/builder.ts'
import type { ConvInputGradientAttributes } from '../../ops/conv-input-gradient.ts'
import { type Operation, sizeOf } from '../../ops/primitive.ts'
import { convolve, extrasOf, isBlockable, isMap } from './conv.ts'
import { blockedForm, filterForm, roundUp, stemForm } from './forms.ts'
import { type BlockedGraph, NO_EXTRAS } from './graph.ts'

/** Along one axis: which tap of the filter a phase's tap is, and the padding that the phases' convolution needs. */
interface AxisPhases {
  /** For each phase and each of its taps a tap of the filter, or -1. */
  readonly taps: readonly (readonly number[])[]
  readonly length: number
  readonly before: number
  readonly after: number
  /** Places of each phase. */
  readonly places: number
}

/**
 * x[place * stride + phase] gets dy[place + u] * w[t] for the taps t with phase + pad - t = u * stride: a convolution
 * of dy for each phase.
 */
function phasesOf(kernel: number, stride: number, pad: number, x: number, dy: number): AxisPhases {
  const shifts = Array.from({ length: stride }, (_, phase) =>
    Array.from({ length: kernel }, (_, t) => (phase + pad - t) / stride),
  )
  const whole = shifts.flat().filter(Number.isInteger)
  const low = Math.min(0, ...whole)
  const high = Math.max(0, ...whole)
  const places = Math.ceil(x / stride)
  return {
    taps: shifts.map((row) => Array.from({ length: high - low + 1 }, (_, i) => row.indexOf(i + low))),
    length: high - low + 1,
    before: -low,
    after: places + high - dy,
    places,
  }
}

/**
 * The gradient of a convolution's x: with stride 1 a convolution of dy with the filters turned around, otherwise one
 * that makes each phase of the stride as channels of its own, which then are woven together (Shi et al. 2016).
 */
export function emitInputGradient(g: BlockedGraph, op: Operation<ConvInputGradientAttributes>): boolean {
  const { window, groups, spatial } = op.attributes
  const [dy, w] = op.inputs as [Tensor, Tensor]
  if (!isBlockable(window, groups) || !isMap(g, dy)) return false
  const axes = [0, 1].map((axis) =>
    phasesOf(
      window.kernel[axis]!,
      window.stride[axis]!,
      window.padBefore[axis]!,
      spatial[axis]!,
      dy.shape[axis + 2]!,
    ),
  ) as [AxisPhases, AxisPhases]
  if (axes.some(({ after }) => after < 0)) return false
  const pads = [axes[0].before, axes[1].before, axes[0].after, axes[1].after]
  const kernel = axes.map(({ length }) => length)
  const form = blockedForm(op.output.shape)
  const stack = g.pendingOf(w)
  if (stack?.kind === 'stack') {
    if (!window.stride.every((s) => s === 1)) return false
    return stackedGradient(g, op, stack.parts, { axes, kernel, pads })
  }
  const filters = turnedFilters(g, w, axes)
  if (window.stride.every((s) => s === 1)) {
    g.defer(op.output, {
      kind: 'window',
      form,
      takesShift: 'channel',
      extras: NO_EXTRAS,
      run: (extras) => {
        const { joined, ...shift } = extrasOf(g, op.output.shape, extras)
        return convolve(g, g.as(dy, blockedForm(dy.shape)), filters, { kernel, pads, ...shift }, joined)
      },
    })
    return true
  }
  const phases = convolve(g, g.as(dy, blockedForm(dy.shape)), filters, { kernel, pads })
  g.put(op.output, form, weave(g, op, axes, phases))
  return true
}

interface Turned {
  readonly axes: readonly [AxisPhases, AxisPhases]
  readonly kernel: readonly number[]
  readonly pads: readonly number[]
}

/** For maps that were stacked one convolution, which the kernel likes better than several narrow ones. */
function stackedGradient(
  g: BlockedGraph,
  op: Operation<ConvInputGradientAttributes>,
  weights: readonly Tensor[],
  { axes, kernel, pads }: Turned,
): boolean {
  const dy = op.inputs[0]!
  const [n, , h, w] = op.output.shape as [number, number, number, number]
  const filters = weights.map((part) => turnedFilters(g, part, axes))
  const all = g.op('Concat', filters, { axis: 0 })
  const dx = convolve(g, g.as(dy, blockedForm(dy.shape)), all, { kernel, pads })
  const widths = weights.map(({ shape }) => roundUp(shape[1]!, g.block))
  const names = g.split(dx, widths, 1)
  const parts = weights.map(({ shape }, i) => {
    const part = g.ownTensor([n, shape[1]!, h, w])
    g.put(part, blockedForm(part.shape), names[i]!)
    return part
  })
  g.defer(op.output, { kind: 'stack', form: null, parts, axis: 1 })
  return true
}

/** Phases [n, s, s, c / b, places, b] woven into maps [n, c / b, h, w, b]. */
function weave(
  g: BlockedGraph,
  op: Operation<ConvInputGradientAttributes>,
  [rows, columns]: readonly [AxisPhases, AxisPhases],
  phases: string,
): string {
  const [n, c, h, w] = op.output.shape as [number, number, number, number]
  const [sh, sw] = op.attributes.window.stride as [number, number]
  const channels = roundUp(c, g.block)
  const blocks = channels / g.block
  const apart = g.view(phases, [n, sh, sw, blocks, rows.places, columns.places, g.block])
  const woven = g.op('Transpose', [apart], { perm: [0, 3, 4, 1, 5, 2, 6] })
  const [height, width] = [rows.places * sh, columns.places * sw]
  if (height === h && width === w) return g.view(woven, [n, channels, h, w])
  const maps = g.view(woven, [n, blocks, height, width, g.block])
  const cut = g.op('Slice', [maps, g.ints([0, 0]), g.ints([h, w]), g.ints([2, 3])])
  return g.view(cut, [n, channels, h, w])
}

/**
 * Filters [phases of c, k, taps]: blocks of the stored ones picked by constant indices, each then transposed by the
 * kernel that blocks channels.
 */
function turnedFilters(g: BlockedGraph, w: Tensor, axes: readonly [AxisPhases, AxisPhases]): string {
  const b = g.block
  const [k, c, kh, kw] = w.shape as [number, number, number, number]
  const [kBlocks, cBlocks] = [roundUp(k, b) / b, roundUp(c, b) / b]
  const pieces = kBlocks * cBlocks * kh * kw
  const [rows, columns] = axes
  const indices: number[] = []
  for (const rowTaps of rows.taps) {
    for (const columnTaps of columns.taps) {
      for (let cb = 0; cb < cBlocks; cb++) {
        for (let kb = 0; kb < kBlocks; kb++) {
          for (const i of rowTaps) {
            for (const j of columnTaps) {
              const piece = ((kb * cBlocks + cb) * kh + i) * kw + j
              indices.push(i < 0 || j < 0 ? pieces : piece)
            }
          }
        }
      }
    }
  }
  const stored = filterBlocks(g, w, pieces)
  const source = indices.includes(pieces)
    ? g.op('Concat', [stored, g.floats(new Float32Array(b * b), [1, b, b])], { axis: 0 })
    : stored
  const picked = g.op('Gather', [source, g.ints(indices)], { axis: 0 })
  const turned = g.blockedOp('ReorderInput', [g.view(picked, [indices.length, b, 1, b])])
  const phases = rows.taps.length * columns.taps.length
  return g.view(turned, [phases * cBlocks * b, kBlocks * b, rows.length, columns.length])
}

/** The filters' blocks [pieces, b of c, b of k]. */
function filterBlocks(g: BlockedGraph, w: Tensor, pieces: number): string {
  const b = g.block
  const stem = stemForm(w.shape)
  if (g.formOf(w)?.kind !== 'stem') return g.view(g.as(w, filterForm(w.shape)), [pieces, b, b])
  const rows = g.view(g.as(w, stem), [sizeOf([roundUp(stem.k, b) / b, stem.h, stem.w]), stem.c, b])
  return stem.c === b ? rows : g.op('Pad', [rows, g.ints([0, 0, 0, 0, b - stem.c, 0])])
}
