import { AttributeType } from '../../../formats/onnx/proto.ts'
import type { Tensor } from '../../../layers/builder.ts'
import { type Dims, type Operation, sizeOf } from '../../ops/primitive.ts'
import { OnnxGraph } from '../graph.ts'
import {
  type BlockedForm,
  blockedForm,
  type Form,
  isTrivial,
  keyOf,
  lanesOf,
  roundUp,
  sourceOf,
  storedSize,
  vectorForm,
} from './forms.ts'
import { placesOf, type StoredSlot } from './packing.ts'

/** ONNX Runtime's own domain of kernels over blocks of channels. Undocumented: see probe.ts and the checked step. */
const DOMAIN = 'com.microsoft.nchwc'

/** What one blocked convolution may do besides, in the same pass over its result. */
export interface Extras {
  /** Term of one value a channel, or one a sample and channel, for convolutions without a bias of their own. */
  readonly shift: Tensor | null
  /** Tensor of the result's shape that is added. */
  readonly sum: Tensor | null
  readonly relu: boolean
}

/** A value whose nodes wait until it is asked for, so that what reads it may join it. */
export type Pending =
  | {
      readonly kind: 'window'
      readonly form: BlockedForm
      /** What it can take along as shift, if anything: one value a channel, or one a sample and channel. */
      readonly takesShift: 'channel' | 'sample' | null
      readonly extras: Extras
      readonly run: (extras: Extras) => string
    }
  | { readonly kind: 'product'; readonly form: BlockedForm; readonly a: Tensor; readonly b: Tensor }
  | { readonly kind: 'expansion'; readonly form: BlockedForm; readonly source: Tensor }
  /** Parts one after another, which whoever wants them one by one finds here. */
  | {
      readonly kind: 'stack'
      readonly form: null
      readonly parts: readonly Tensor[]
      readonly axis: number
      /** Puts them together row by row, where that is more than a concatenation. */
      readonly whole?: () => string
    }
  | { readonly kind: 'zeros'; readonly form: null }

export type PendingWindow = Extract<Pending, { kind: 'window' }>

export const NO_EXTRAS: Extras = { shift: null, sum: null, relu: false }

export interface BlockedGraphOptions {
  /** All that will be lowered. */
  readonly operations: readonly Operation[]
  /** The program's outputs. */
  readonly given: readonly Tensor[]
  /** Whether weights' wishes are only being gathered. */
  readonly dry: boolean
}

/**
 * An ONNX graph in which a tensor may lie in other forms than row by row. A tensor is bound in the form its operation
 * made it in; whoever asks for another one makes the graph convert it, once.
 *
 * Names of blocked values are of shape [n, c filled up, h, w], of filters and flat ones of one axis.
 */
export class BlockedGraph extends OnnxGraph {
  readonly block: number
  /** Weights that asked for a form, by index of what is stored; what a second lowering stores them in. */
  readonly demands = new Map<number, Exclude<Form, { kind: 'flat' }>>()
  readonly stored: readonly StoredSlot[]
  readonly #dry: boolean
  readonly #readers = new Map<number, Operation[]>()
  readonly #given: ReadonlySet<number>
  readonly #forms = new Map<number, { native: Form | null; names: Map<string, string> }>()
  readonly #plain = new Set<number>()
  readonly #pending = new Map<number, Pending>()
  readonly #slots = new Map<number, readonly number[]>()
  readonly #shared = new Map<string, string>()
  /** What a view is a view of. */
  readonly #origins = new Map<string, string>()
  readonly #cuts = new Map<string, readonly string[]>()
  readonly #zeros = new Set<number>()
  #reading: Form | null = null
  #ownId = -0.5

  /**
   * @param block lanes of the machine's blocks
   * @param stored the trained weights
   */
  constructor(block: number, stored: readonly StoredSlot[], { operations, given, dry }: BlockedGraphOptions) {
    super()
    this.block = block
    this.stored = stored
    this.#dry = dry
    this.#given = new Set(given.map(({ id }) => id))
    for (const op of operations) {
      for (const { id } of op.inputs) {
        const readers = this.#readers.get(id)
        if (readers) readers.push(op)
        else this.#readers.set(id, [op])
      }
    }
  }

  /** Operations that read a tensor, once for each operand that it is. */
  readersOf({ id }: Tensor): readonly Operation[] {
    return this.#readers.get(id) ?? []
  }

  /** Whether only one operation reads a tensor, so that its value may vanish in that one. */
  isReadOnce(tensor: Tensor): boolean {
    return this.readersOf(tensor).length === 1 && !this.#given.has(tensor.id)
  }

  /** Whether a tensor is a constant 0. */
  isZero(tensor: Tensor): boolean {
    return this.#zeros.has(tensor.id)
  }

  markZero(tensor: Tensor): void {
    this.#zeros.add(tensor.id)
  }

  /** A tensor that is in no program. */
  ownTensor(shape: Dims): Tensor {
    return { id: this.#ownId--, shape }
  }

  override bind(tensor: Tensor, name: string): void {
    super.bind(tensor, name)
    this.#plain.add(tensor.id)
    if (!this.#forms.has(tensor.id)) this.#forms.set(tensor.id, { native: null, names: new Map() })
  }

  /** Binds a tensor in the form it was made in. */
  put(tensor: Tensor, form: Form, name: string): void {
    const known = this.#forms.get(tensor.id)
    if (known) known.names.set(keyOf(form), name)
    else this.#forms.set(tensor.id, { native: form, names: new Map([[keyOf(form), name]]) })
  }

  /** Notes that a tensor is a trained weight, or part of one, that is stored in these pieces. */
  markStored(tensor: Tensor, pieces: readonly number[]): void {
    this.#slots.set(tensor.id, pieces)
  }

  /** Indices of what a trained weight is stored in; undefined for anything else. */
  storedOf(tensor: Tensor): readonly number[] | undefined {
    return this.#slots.get(tensor.id)
  }

  /** Binds a tensor to nodes that will be made when someone asks. */
  defer(tensor: Tensor, pending: Pending): void {
    this.#pending.set(tensor.id, pending)
  }

  pendingOf(tensor: Tensor): Pending | undefined {
    return this.#pending.get(tensor.id)
  }

  /** Form a tensor was made in; null for row by row. */
  formOf(tensor: Tensor): Form | null {
    const pending = this.#pending.get(tensor.id)
    return pending ? pending.form : (this.#forms.get(tensor.id)?.native ?? null)
  }

  /** Form a tensor was made in, when it is a blocked one that is more than row-by-row order. */
  blockedFormOf(tensor: Tensor): BlockedForm | null {
    const form = this.formOf(tensor)
    return form?.kind === 'blocked' ? form : null
  }

  /** Name of a tensor row by row or, while `inForm` runs, in its form. */
  override name(tensor: Tensor): string {
    if (this.#reading) {
      return sizeOf(tensor.shape) === 1 ? this.#scalarName(tensor) : this.as(tensor, this.#reading)
    }
    this.#settle(tensor)
    const known = this.#forms.get(tensor.id)
    if (known && !this.#plain.has(tensor.id)) {
      super.bind(tensor, this.#toPlain(tensor, known.native!, known.names.get(keyOf(known.native!))!))
      this.#plain.add(tensor.id)
    }
    return super.name(tensor)
  }

  /** Name of a tensor in a form. */
  as(tensor: Tensor, form: Form): string {
    this.#settle(tensor)
    const key = keyOf(form)
    const known = this.#forms.get(tensor.id)?.names.get(key)
    if (known !== undefined) return known
    const name = this.#convert(tensor, form)
    this.put(tensor, form, name)
    return name
  }

  #convert(tensor: Tensor, form: Form): string {
    const pieces = this.#slots.get(tensor.id)
    if (this.#dry && form.kind !== 'flat' && pieces?.length === 1) {
      if (!this.demands.has(pieces[0]!)) this.demands.set(pieces[0]!, form)
      return this.fresh('wanted')
    }
    const reading = this.#reading
    this.#reading = null
    const plain = this.name(tensor)
    this.#reading = reading
    return this.#fromPlain(plain, form)
  }

  /** Appends an operation's own nodes over operands in a form, and binds its result in it. */
  inForm(form: Form, op: Operation): void {
    this.#reading = form
    const name = op.primitive.onnx(this, op)
    this.#reading = null
    this.put(op.output, form, name)
  }

  /** Makes what waits. */
  #settle(tensor: Tensor): void {
    const pending = this.#pending.get(tensor.id)
    if (!pending) return
    this.#pending.delete(tensor.id)
    const reading = this.#reading
    this.#reading = null
    if (pending.form) this.put(tensor, pending.form, this.#realize(pending))
    else this.bind(tensor, this.#realizePlain(tensor, pending))
    this.#reading = reading
  }

  #realizePlain({ shape }: Tensor, pending: Extract<Pending, { form: null }>): string {
    if (pending.kind === 'zeros') return this.floats(new Float32Array(sizeOf(shape)), shape)
    const whole = pending.whole?.() ?? this.op('Concat', this.names(pending.parts), { axis: pending.axis })
    return this.view(whole, shape)
  }

  #realize(pending: Extract<Pending, { form: BlockedForm }>): string {
    const { form } = pending
    const { n, c, h, w } = form
    if (pending.kind === 'window') return pending.run(pending.extras)
    if (pending.kind === 'product') {
      return this.op('Mul', [this.as(pending.a, form), this.as(pending.b, form)])
    }
    const channels = roundUp(c, this.block)
    const lanes = [n, channels / this.block, 1, this.block]
    const one = this.view(this.as(pending.source, { ...form, h: 1, w: 1 }), lanes)
    const all = this.op('Expand', [one, this.ints([n, lanes[1]!, h * w, this.block])])
    return this.view(all, [n, channels, h, w])
  }

  #scalarName(tensor: Tensor): string {
    const reading = this.#reading
    this.#reading = null
    const name = this.name(tensor)
    this.#reading = reading
    return tensor.shape.length === 0 ? name : this.view(name, [1])
  }

  /** The same elements under another shape; costs next to nothing when a graph runs. */
  view(name: string, shape: Dims): string {
    const origin = this.#origins.get(name) ?? name
    return this.shared(`${origin} as ${shape.join()}`, () => {
      const view = this.op('Reshape', [origin, this.ints(shape)])
      this.#origins.set(view, origin)
      return view
    })
  }

  /** A node of the blocked domain. */
  blockedOp(
    type: string,
    inputs: readonly string[],
    attributes: Parameters<OnnxGraph['op']>[2] = {},
  ): string {
    return this.op(type, inputs, attributes, DOMAIN)
  }

  /** A vector over channels, filled up with zeros. */
  vector(tensor: Tensor, channels: number): string {
    return this.view(this.as(tensor, vectorForm(channels)), [roundUp(channels, this.block)])
  }

  #toPlain(tensor: Tensor, form: Form, name: string): string {
    // no model is made of it, and lists of all weights' places take their time
    if (this.#dry && form.kind !== 'blocked') return this.fresh('unwanted')
    if (form.kind === 'flat') return this.#gather(name, placesOf(this.stored, this.block))
    if (form.kind !== 'blocked') return this.view(this.#gather(name, inverse(form, this.block)), tensor.shape)
    const { n, c, h, w } = form
    if (isTrivial(form, this.block)) return this.view(name, tensor.shape)
    if (h * w > 1 && form.columns) return this.#toPlainColumns(tensor, form, name)

    if (h * w > 1) return this.view(this.blockedOp('ReorderOutput', [name], { channels: c }), tensor.shape)
    const rows = this.view(name, [n, roundUp(c, lanesOf(form, this.block))])
    const cut = this.op('Slice', [rows, this.ints([0]), this.ints([c]), this.ints([1])])
    return this.view(cut, tensor.shape)
  }

  #toPlainColumns(tensor: Tensor, { columns, n, c, h, w }: BlockedForm, name: string): string {
    if (columns === 'paired') {
      const lanes = this.view(name, [n, h, w, this.block / 2])
      const cut = this.op('Slice', [lanes, this.ints([0]), this.ints([c]), this.ints([3])])
      return this.op('Transpose', [cut], { perm: [0, 3, 1, 2] })
    }
    const channels = roundUp(c, this.block)
    const apart = this.view(name, [n, 2, channels / this.block, h, w / 2, this.block])
    const woven = this.op('Transpose', [apart], { perm: [0, 2, 3, 4, 1, 5] })
    return this.#toPlain(tensor, blockedForm([n, c, h, w]), this.view(woven, [n, channels, h, w]))
  }

  #fromPlain(name: string, form: Form): string {
    if (form.kind === 'flat') throw new Error('Only whole parameters are flat')
    if (form.kind !== 'blocked') {
      const source = Array.from(sourceOf(form, this.block))
      const size = form.k * form.c * form.h * form.w
      const row = [this.view(name, [size]), this.floats(new Float32Array(1), [1])]
      return this.#gather(
        this.op('Concat', row, { axis: 0 }),
        source.map((at) => (at < 0 ? size : at)),
      )
    }
    const { n, c, h, w } = form
    const lanes = lanesOf(form, this.block)
    const channels = roundUp(c, lanes)
    if (isTrivial(form, this.block)) return this.view(name, [n, c, 1, 1])
    if (h * w > 1 && form.columns) {
      if (form.columns !== 'paired') throw new Error('Even and odd columns are only made apart')
      const rows = this.op('Transpose', [this.view(name, [n, c, h, w])], { perm: [0, 2, 3, 1] })
      const filled = this.op('Pad', [rows, this.ints([0, 0, 0, 0, 0, 0, 0, channels - c])])
      return this.view(filled, [n, channels, h, w])
    }
    // the reordering kernel fills channels up by itself from multiples of 4 on
    const padded = c % 4 === 0 && h * w > 1 ? c : channels
    const maps = this.view(name, [n, c, h, w])
    const whole = padded === c ? maps : this.op('Pad', [maps, this.ints([0, 0, 0, 0, 0, padded - c, 0, 0])])
    return h * w === 1 ? whole : this.blockedOp('ReorderInput', [whole])
  }

  #gather(name: string, indices: readonly number[]): string {
    return this.op('Gather', [name, this.ints(indices)], { axis: 0 })
  }

  /** What is stored, cut out of the flat parameters. */
  storedView(flat: string, index: number): string {
    if (this.stored.length === 1) return flat
    const { form } = this.stored[index]!
    const sizes = this.stored.map(({ size }) => size)
    const part = this.split(flat, sizes, 0)[index]!
    return form?.kind === 'blocked' ? this.view(part, this.shapeOf(form)) : part
  }

  /** A value in parts along an axis, by one node; asked for twice it is made once. */
  split(name: string, sizes: readonly number[], axis: number): readonly string[] {
    const known = this.#cuts.get(name)
    if (known) return known
    const output = sizes.map(() => this.fresh('Split'))
    const attribute = [{ name: 'axis', type: AttributeType.int, i: axis }]
    this.nodes.push({ opType: 'Split', name: output[0]!, input: [name, this.ints(sizes)], output, attribute })
    this.#cuts.set(name, output)
    return output
  }

  /** Shape of the names of a blocked form. */
  shapeOf(form: BlockedForm): Dims {
    const { n, c, h, w } = form
    const channels = roundUp(c, lanesOf(form, this.block))
    return form.columns === 'parity' ? [n, 2 * channels, h, w / 2] : [n, channels, h, w]
  }

  /** Nodes that several operations want, made for the first of them. */
  shared(key: string, make: () => string): string {
    const known = this.#shared.get(key)
    if (known !== undefined) return known
    const name = make()
    this.#shared.set(key, name)
    return name
  }
}

/** For each element of the tensor its place in memory. */
function inverse(form: Exclude<Form, { kind: 'flat' }>, block: number): number[] {
  const source = sourceOf(form, block)
  const places = new Array<number>(storedSize(form, block))
  let count = 0
  for (const [place, index] of source.entries()) {
    if (index < 0) continue
    places[index] = place
    count++
  }
  return places.slice(0, count)
}
