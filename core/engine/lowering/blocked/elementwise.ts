import type { Tensor } from '../../../layers/builder.ts'
import type { AffineAttributes } from '../../ops/affine.ts'
import { type Dims, type Operation, sizeOf } from '../../ops/primitive.ts'
import { isVector } from './channels.ts'
import { convolve, extrasOf, isMap } from './conv.ts'
import { type BlockedForm, blockedForm, type Form, isFull, keyOf, roundUp, vectorForm } from './forms.ts'
import { type BlockedGraph, NO_EXTRAS, type PendingWindow } from './graph.ts'

/** Primitives of one or two operands that give 0 where all operands are 0. */
const KEEP_ZERO = new Set(['add', 'sub', 'mul', 'relu', 'tanh', 'sqrt', 'erf', 'step'])

/** Primitives that work element by element. */
export const ELEMENTWISE = [...KEEP_ZERO, 'div', 'affine', 'exp', 'log', 'sigmoid', 'equal'] as const

/** Whether zeros that fill channels up stay zeros through an operation. */
function keepsZero(op: Operation): boolean {
  const { name } = op.primitive
  if (name === 'affine') return (op as Operation<AffineAttributes>).attributes.offset === 0
  const scalar = op.inputs.some((input) => sizeOf(input.shape) === 1 && sizeOf(op.output.shape) > 1)
  if (name === 'add' || name === 'sub') return !scalar
  return KEEP_ZERO.has(name) || (name === 'div' && sizeOf(op.inputs[1]!.shape) === 1)
}

/** Operations element by element, joined to what made their operands where that is possible. */
export function emitElementwise(g: BlockedGraph, op: Operation): boolean {
  const { name } = op.primitive
  if (name === 'relu') {
    if (joinRelu(g, op)) return true
  } else if (name === 'add' || name === 'sub' || name === 'mul') {
    if (joinBinary(g, op, name) || (name === 'mul' && outerProduct(g, op))) return true
  }
  const form = commonForm(g, op)
  if (!form) return false
  if (name === 'mul' && isMap(g, op.inputs[0]!) && isMap(g, op.inputs[1]!)) {
    g.defer(op.output, { kind: 'product', form: form as BlockedForm, a: op.inputs[0]!, b: op.inputs[1]! })
    return true
  }
  g.inForm(form, op)
  return true
}

/** One value a sample times one a channel. */
function outerProduct(g: BlockedGraph, { inputs, output }: Operation): boolean {
  const [row, vector] = inputs as [Tensor, Tensor]
  const [n, c] = output.shape
  if (output.shape.length !== 2 || row.shape.join() !== `${n},1` || vector.shape.join() !== `${c}`)
    return false
  if (!isVector(g, vector)) return false
  const product = g.op('Mul', [g.view(g.name(row), [n!, 1, 1, 1]), g.as(vector, vectorForm(c!))])
  g.put(output, blockedForm([n!, c!]), product)
  return true
}

/** The form all operands of full size can be read in without a detour, if it isn't row by row. */
function commonForm(g: BlockedGraph, op: Operation): Form | null {
  const size = sizeOf(op.output.shape)
  const operands = op.inputs.filter((input) => sizeOf(input.shape) > 1 || size === 1)
  if (operands.some((input) => sizeOf(input.shape) !== size)) return null
  const forms = operands.map((input) => g.formOf(input))
  const form = forms.find((f) => f !== null)
  if (!form) return null
  // only what is stored can be flat, and nothing converts to it
  if (form.kind === 'flat' && forms.some((f) => f?.kind !== 'flat')) return null
  // what fills the flat parameters up may be anything on the way, as nothing but the optimizer reads it
  if (form.kind !== 'flat' && !isFull(form, g.block) && !keepsZero(op)) return null
  return form
}

/** relu of a convolution that nothing else reads. */
function joinRelu(g: BlockedGraph, op: Operation): boolean {
  const [x] = op.inputs as [Tensor]
  const window = openWindow(g, x)
  if (!window) return false
  g.defer(op.output, { ...window, extras: { ...window.extras, relu: true } })
  return true
}

/** What made a tensor, when it can still do more and nothing else reads the tensor. */
function openWindow(g: BlockedGraph, x: Tensor): PendingWindow | null {
  const pending = g.pendingOf(x)
  return pending?.kind === 'window' && !pending.extras.relu && g.isReadOnce(x) ? pending : null
}

function joinBinary(g: BlockedGraph, op: Operation, name: 'add' | 'sub' | 'mul'): boolean {
  const [a, b] = op.inputs as [Tensor, Tensor]
  const pairs =
    name === 'sub'
      ? ([[a, b]] as const)
      : ([
          [a, b],
          [b, a],
        ] as const)
  for (const [x, other] of pairs) {
    if (name === 'add' && (addVector(g, op, x, other) || addMap(g, op, x, other))) return true
  }
  for (const [x, other] of pairs) {
    const vector = vectorOver(g, x, other)
    if (!vector) continue
    const value = () => g.as(vector.tensor, vector.form)
    const shift = name === 'sub' ? () => g.op('Neg', [value()]) : value
    const perSample = vector.form.n !== 1
    scaleShift(g, op.output, x, { perSample, ...(name === 'mul' ? { scale: value } : { shift }) })
    return true
  }
  return false
}

/** One value a channel, or one a sample and channel, added to a convolution without a bias. */
function addVector(g: BlockedGraph, op: Operation, x: Tensor, vector: Tensor): boolean {
  const window = openWindow(g, x)
  if (!window?.takesShift || window.extras.shift) return false
  const fits = window.takesShift === 'channel' ? isPerChannel : isPerSample
  if (!fits(x.shape, vector.shape)) return false
  g.defer(op.output, { ...window, extras: { ...window.extras, shift: vector } })
  return true
}

/** A map added to a convolution's. */
function addMap(g: BlockedGraph, op: Operation, x: Tensor, other: Tensor): boolean {
  const window = openWindow(g, x)
  if (!window || window.extras.sum || x.shape.join() !== other.shape.join()) return false
  if (x.id === other.id || g.pendingOf(other)?.kind === 'expansion' || !isMap(g, other)) return false
  g.defer(op.output, { ...window, extras: { ...window.extras, sum: other } })
  return true
}

const isPerChannel = (shape: Dims, vector: Dims): boolean =>
  shape.length === 4 && sizeOf(vector) === shape[1] && vector.length >= 3 && vector.at(-3) === shape[1]

/** Not what has the map's own shape: that is another map. */
const isPerSample = (shape: Dims, vector: Dims): boolean =>
  shape.length === 4 &&
  vector.join() === [...shape.slice(0, 2), 1, 1].join() &&
  vector.join() !== shape.join()

/** A tensor and the form in which it has one value a channel, or one a sample and channel. */
interface Vector {
  readonly tensor: Tensor
  readonly form: BlockedForm
}

function vectorOver(g: BlockedGraph, x: Tensor, other: Tensor): Vector | null {
  if (!isMap(g, x)) return null
  const samples = blockedForm(x.shape.slice(0, 2))
  const pending = g.pendingOf(other)
  if (pending?.kind === 'expansion') return { tensor: pending.source, form: samples }
  if (isPerChannel(x.shape, other.shape)) return { tensor: other, form: vectorForm(x.shape[1]!) }
  return isPerSample(x.shape, other.shape) ? { tensor: other, form: samples } : null
}

interface ScaleShift {
  /** Whether there is a value for each sample and channel, rather than for each channel. */
  readonly perSample: boolean
  /** Make the names of the values, filled up. */
  readonly scale?: () => string
  readonly shift?: () => string
}

/** x * scale + shift in one pass: a depthwise convolution of 1 x 1, over channels or over samples and channels. */
export function scaleShift(
  g: BlockedGraph,
  output: Tensor,
  x: Tensor,
  { perSample, scale, shift }: ScaleShift,
): void {
  const [n, c, h, w] = x.shape as [number, number, number, number]
  const channels = roundUp(c, g.block)
  const groups = perSample ? n * channels : channels
  g.defer(output, {
    kind: 'window',
    form: blockedForm(x.shape),
    takesShift: shift ? null : perSample ? 'sample' : 'channel',
    extras: NO_EXTRAS,
    run: (extras) => {
      const { joined } = extrasOf(g, output.shape, { ...extras, shift: null })
      const joinedShift =
        extras.shift && (() => g.as(extras.shift!, perSample ? blockedForm([n, c]) : vectorForm(c)))
      const filters = scale
        ? g.view(scale(), [groups, 1, 1, 1])
        : g.floats(new Float32Array(groups).fill(1), [groups, 1, 1, 1])
      const term = shift ?? joinedShift
      const offset = term ? g.view(term(), [groups]) : null
      const flat = (map: string) => (perSample ? g.view(map, [1, groups, h, w]) : map)
      const y = convolve(
        g,
        flat(g.as(x, blockedForm(x.shape))),
        filters,
        { kernel: [1, 1], pads: [0, 0, 0, 0], group: groups, ...(offset ? { bias: offset } : {}) },
        { ...joined, ...(joined.sum ? { sum: flat(joined.sum) } : {}) },
      )
      return perSample ? g.view(y, [n, channels, h, w]) : y
    },
  })
}

/** A value a sample and channel repeated over its map, made only where nothing can take it over. */
export function emitExpand(g: BlockedGraph, op: Operation): boolean {
  const [source] = op.inputs as [Tensor]
  const { shape } = op.output
  if (shape.length !== 4 || source.shape.join() !== [...shape.slice(0, 2), 1, 1].join()) return false
  const form = blockedForm(source.shape)
  const native = g.blockedFormOf(source)
  if (native === null || keyOf(native) !== keyOf(form)) return false
  g.defer(op.output, { kind: 'expansion', form: blockedForm(shape), source })
  return true
}
