import type { ParameterSlot } from '../../executor.ts'
import type { Storage } from '../storage.ts'
import { type FlatForm, type Form, isFull, runsOf, storedSize } from './forms.ts'

/** A weight's form; null when it lies row by row. */
export type SlotForm = Exclude<Form, FlatForm> | null

/** Where a weight lies in the stored parameters. */
export interface StoredSlot {
  readonly slot: ParameterSlot
  readonly form: SlotForm
  readonly offset: number
  readonly size: number
}

/** The trained weights in the forms a program wants them in, one after another. */
export function storedSlots(
  slots: readonly ParameterSlot[],
  forms: ReadonlyMap<number, SlotForm>,
  block: number,
): StoredSlot[] {
  let offset = 0
  return slots.map((slot, i) => {
    const form = forms.get(i) ?? null
    const size = form ? storedSize(form, block) : slot.size
    const stored = { slot, form, offset, size }
    offset += size
    return stored
  })
}

/** Moves trained weights, and optimizer state alike, between row-by-row order and the stored one. */
export function packingOf(stored: readonly StoredSlot[], block: number): Storage {
  const last = stored.at(-1)!
  const size = last.offset + last.size
  return {
    size,
    pack(plain) {
      const packed = new Float32Array(size)
      for (const { slot, form, offset } of stored) {
        const values = plain.subarray(slot.offset, slot.offset + slot.size)
        if (!form) packed.set(values, offset)
        else {
          for (const { at, index, step, count } of runsOf(form, block)) {
            for (let i = 0; i < count; i++) packed[offset + at + i] = values[index + i * step]!
          }
        }
      }
      return packed
    },
    unpack(packed) {
      const plain = new Float32Array(last.slot.offset + last.slot.size)
      for (const { slot, form, offset, size } of stored) {
        const values = packed.subarray(offset, offset + size)
        if (!form) plain.set(values, slot.offset)
        else {
          for (const { at, index, step, count } of runsOf(form, block)) {
            for (let i = 0; i < count; i++) plain[slot.offset + index + i * step] = values[at + i]!
          }
        }
      }
      return plain
    },
    isClean: (packed) => stored.every((piece) => isPieceClean(packed, piece, block)),
  }
}

/** Whether a stored weight is 0 where it is only filled up. */
function isPieceClean(packed: Float32Array, { form, offset }: StoredSlot, block: number): boolean {
  if (!form || isFull(form, block)) return true
  for (const { at, count } of runsOf(form, block)) {
    for (let i = count; i < block; i++) if (packed[offset + at + i] !== 0) return false
  }
  return true
}
