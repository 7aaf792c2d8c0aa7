import { sizeOf } from '../../ops/primitive.ts'

/**
 * How the elements of a tensor may lie in memory besides row by row. Channels come in blocks of b, the width of the
 * machine's vectors; the last block is filled up with zeros. A form says nothing of the tensor's shape: it orders
 * elements by their row-by-row index, so that reshaping a tensor leaves its form as it is.
 */
export type Form = BlockedForm | FilterForm | StemForm | FlatForm

/**
 * [n, c / b, h, w, b] of [n, c, h, w]: activations; with n = h = w = 1 vectors over channels. Of paired columns, see
 * paired.ts, blocks are of half the width: [n, 2 c / b, h, w, b / 2]; even and odd columns lie apart as
 * [n, 2, c / b, h, w / 2, b].
 */
export interface BlockedForm {
  readonly kind: 'blocked'
  readonly n: number
  readonly c: number
  readonly h: number
  readonly w: number
  readonly columns?: 'paired' | 'parity'
}

/** [k / b, c / b, h, w, b of c, b of k] of filters [k, c, h, w]; those that read paired columns have b / 2 of c. */
export interface FilterForm {
  readonly kind: 'filter'
  readonly k: number
  readonly c: number
  readonly h: number
  readonly w: number
  readonly columns?: 'paired'
}

/**
 * [k / b, h, w, c, b of k] of filters [k, c, h, w] that read few channels which are not blocked; those that make paired
 * columns have b / 2 of k.
 */
export interface StemForm {
  readonly kind: 'stem'
  readonly k: number
  readonly c: number
  readonly h: number
  readonly w: number
  readonly columns?: 'paired'
}

/** All trained weights one after another, each in the form it is stored in. */
export interface FlatForm {
  readonly kind: 'flat'
}

export const FLAT: FlatForm = { kind: 'flat' }

export function blockedForm([n, c, h, w]: readonly number[]): BlockedForm {
  return { kind: 'blocked', n: n!, c: c!, h: h ?? 1, w: w ?? 1 }
}

/** The same in blocks of half the width. */
export const paired = <F extends BlockedForm | FilterForm | StemForm>(form: F) =>
  ({ ...form, columns: 'paired' }) as const

export const parityForm = (shape: readonly number[]): BlockedForm => ({
  ...blockedForm(shape),
  columns: 'parity',
})

/** A vector over channels. */
export const vectorForm = (c: number): BlockedForm => blockedForm([1, c])

export function filterForm([k, c, h, w]: readonly number[]): FilterForm {
  return { kind: 'filter', k: k!, c: c!, h: h!, w: w! }
}

export function stemForm([k, c, h, w]: readonly number[]): StemForm {
  return { kind: 'stem', k: k!, c: c!, h: h!, w: w! }
}

export const keyOf = (form: Form): string => Object.values(form).join()

/** A number of channels, filled up to whole blocks. */
export const roundUp = (channels: number, block: number): number => Math.ceil(channels / block) * block

/** Width of the blocks of channels in a form: those that filters read. */
const widthOf = (form: BlockedForm | FilterForm | StemForm, block: number): number =>
  form.columns === 'paired' ? block / 2 : block

/** Elements that are next to one another in memory at least. */
export const lanesOf = (form: BlockedForm | FilterForm | StemForm, block: number): number =>
  form.kind === 'filter' ? block : widthOf(form, block)

/** Whether all elements are the tensor's own and none was filled up. */
export function isFull(form: Form, block: number): boolean {
  switch (form.kind) {
    case 'blocked':
      return form.c % lanesOf(form, block) === 0
    case 'filter':
      return form.c % widthOf(form, block) === 0 && form.k % block === 0
    case 'stem':
      return form.k % lanesOf(form, block) === 0
    case 'flat':
      return false
  }
}

/** Whether a form is the row-by-row one. */
export const isTrivial = (form: Form, block: number): boolean =>
  form.kind === 'blocked' && form.h * form.w === 1 && isFull(form, block)

/** Axes in memory order as [length, number of elements of the tensor, step in its row-by-row index]. */
type Axis = readonly [
  length: number,
  channels: readonly [axis: 'k' | 'c', scale: number] | null,
  step: number,
]

function axesOf(form: BlockedForm | FilterForm | StemForm, b: number): Axis[] {
  const { c, h, w } = form
  const plane = h * w
  const place: Axis[] = [
    [h, null, w],
    [w, null, 1],
  ]
  const width = widthOf(form, b)
  const inner: Axis = [width, ['c', 1], plane]
  const blocks: Axis = [roundUp(c, width) / width, ['c', width], plane * width]
  if (form.kind === 'blocked' && form.columns === 'parity') {
    return [[form.n, null, c * plane], [2, null, 1], blocks, [h, null, w], [w / 2, null, 2], inner]
  }
  if (form.kind === 'blocked') return [[form.n, null, c * plane], blocks, ...place, inner]
  const lanes = lanesOf(form, b)
  const filters: Axis = [roundUp(form.k, lanes) / lanes, ['k', lanes], c * plane * lanes]
  const lane: Axis = [lanes, ['k', 1], c * plane]
  return form.kind === 'filter'
    ? [filters, blocks, ...place, inner, lane]
    : [filters, ...place, [c, null, plane], lane]
}

/** Number of elements in memory. */
export const storedSize = (form: Exclude<Form, FlatForm>, block: number): number =>
  sizeOf(axesOf(form, block).map(([length]) => length))

/** Elements that lie next to one another in memory. */
export interface Run {
  /** Place of the first one in memory. */
  readonly at: number
  /** Its row-by-row index in the tensor. */
  readonly index: number
  /** From one element's index to the next one's. */
  readonly step: number
  /** How many are the tensor's own; what follows up to the block's end only fills up. */
  readonly count: number
}

/** All elements of a form in memory order; no list of them is made, as there may be a hundred million. */
export function* runsOf(form: Exclude<Form, FlatForm>, block: number): Generator<Run> {
  const axes = axesOf(form, block)
  const lanes = axes.at(-1)!
  const limits = { k: form.kind === 'blocked' ? 0 : form.k, c: form.c }
  const [length, kind, step] = [lanes[0], lanes[1]![0], lanes[2]]
  let at = 0
  function* walk(depth: number, index: number, k: number, c: number): Generator<Run> {
    if (depth === axes.length - 1) {
      const outside = kind === 'k' && c >= limits.c
      const left = kind === 'k' ? limits.k - k : limits.c - c
      yield { at, index, step, count: outside ? 0 : Math.max(0, Math.min(length, left)) }
      at += length
      return
    }
    const [count, channels, stride] = axes[depth]!
    for (let i = 0; i < count; i++) {
      const more = channels ? i * channels[1] : 0
      const [ofK, ofC] = channels?.[0] === 'k' ? [more, 0] : [0, more]
      yield* walk(depth + 1, index + i * stride, k + ofK, c + ofC)
    }
  }
  yield* walk(0, 0, 0, 0)
}

/** For each element in memory its row-by-row index in the tensor, or -1 where it only fills up. */
export function sourceOf(form: Exclude<Form, FlatForm>, block: number): Int32Array {
  const source = new Int32Array(storedSize(form, block)).fill(-1)
  for (const { at, index, step, count } of runsOf(form, block)) {
    for (let i = 0; i < count; i++) source[at + i] = index + i * step
  }
  return source
}
