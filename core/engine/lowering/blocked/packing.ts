import type { ParameterSlot } from '../../executor.ts'
import type { Storage } from '../storage.ts'
import { type FlatForm, type Form, isFull, lanesOf, runsOf, storedSize } from './forms.ts'

/** A weight's form; null when it lies row by row. */
export type SlotForm = Exclude<Form, FlatForm> | null

/** Where a weight, or a part of one along its channels, lies in the stored parameters. */
export interface StoredSlot {
  readonly slot: ParameterSlot
  /** Channels of the weight that are stored here; its first ones begin at 0. */
  readonly from: number
  readonly to: number
  readonly form: SlotForm
  readonly offset: number
  readonly size: number
}

/**
 * The trained weights in the forms a program wants them in, one after another.
 * @param cuts where weights are cut along their channels, by their offset in the layout
 * @param forms by index in the result
 */
export function storedSlots(
  slots: readonly ParameterSlot[],
  cuts: ReadonlyMap<number, readonly number[]>,
  forms: ReadonlyMap<number, SlotForm>,
  block: number,
): StoredSlot[] {
  const stored: StoredSlot[] = []
  let offset = 0
  for (const slot of slots) {
    const channels = channelsOf(slot)
    const bounds = cuts.get(slot.offset) ?? [0, channels]
    for (const [i, from] of bounds.slice(0, -1).entries()) {
      const to = bounds[i + 1]!
      const form = forms.get(stored.length) ?? null
      const size = form ? storedSize(form, block) : (slot.size / channels) * (to - from)
      stored.push({ slot, from, to, form, offset, size })
      offset += size
    }
  }
  return stored
}

/** Length of the axis that weights are cut along: channels that filters read, or all that a vector is for. */
const channelsOf = ({ shape }: ParameterSlot): number => (shape.length === 1 ? shape[0]! : (shape[1] ?? 1))

/** A row of elements that lie next to one another in memory and with equal steps in the layout. */
interface StoredRun {
  /** Place of the first one in the stored parameters. */
  readonly at: number
  /** Its place in the layout. */
  readonly index: number
  readonly step: number
  readonly count: number
}

/** All elements of a stored weight. */
function* elementsOf(stored: StoredSlot, block: number): Generator<StoredRun> {
  const { slot, from, to, form, offset } = stored
  const channels = channelsOf(slot)
  const filters = slot.shape.length > 1 ? slot.shape[0]! : 1
  // elements of a filter: of the whole weight, and of this part of it
  const row = slot.size / filters
  const part = (row / channels) * (to - from)
  const place = (index: number) =>
    slot.offset + Math.floor(index / part) * row + (row / channels) * from + (index % part)
  if (!form) {
    for (let k = 0; k < filters; k++)
      yield { at: offset + k * part, index: place(k * part), step: 1, count: part }
    return
  }
  for (const { at, index, step, count } of runsOf(form, block)) {
    // lanes of filters step from one filter to the next
    const far = form.kind === 'blocked' ? step : (step / part) * row
    yield { at: offset + at, index: place(index), step: far, count }
  }
}

/** Moves trained weights, and optimizer state alike, between row-by-row order and the stored one. */
export function packingOf(stored: readonly StoredSlot[], block: number): Storage {
  const last = stored.at(-1)!
  const size = last.offset + last.size
  return {
    size,
    pack(plain) {
      const packed = new Float32Array(size)
      for (const piece of stored) {
        for (const { at, index, step, count } of elementsOf(piece, block)) {
          for (let i = 0; i < count; i++) packed[at + i] = plain[index + i * step]!
        }
      }
      return packed
    },
    unpack(packed) {
      const plain = new Float32Array(last.slot.offset + last.slot.size)
      for (const piece of stored) {
        for (const { at, index, step, count } of elementsOf(piece, block)) {
          for (let i = 0; i < count; i++) plain[index + i * step] = packed[at + i]!
        }
      }
      return plain
    },
    isClean: (packed) => stored.every((piece) => isPieceClean(packed, piece, block)),
  }
}

/** For each weight of the layout its place in the stored parameters. */
export function placesOf(stored: readonly StoredSlot[], block: number): number[] {
  const { slot } = stored.at(-1)!
  const places = new Array<number>(slot.offset + slot.size)
  for (const piece of stored) {
    for (const { at, index, step, count } of elementsOf(piece, block)) {
      for (let i = 0; i < count; i++) places[index + i * step] = at + i
    }
  }
  return places
}

/** Whether a stored weight is 0 where it is only filled up. */
function isPieceClean(packed: Float32Array, { form, offset }: StoredSlot, block: number): boolean {
  if (!form || isFull(form, block)) return true
  const lanes = lanesOf(form, block)
  for (const { at, count } of runsOf(form, block)) {
    for (let i = count; i < lanes; i++) if (packed[offset + at + i] !== 0) return false
  }
  return true
}
