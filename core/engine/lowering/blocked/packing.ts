import type { ParameterSlot } from '../../executor.ts'
import type { Storage } from '../storage.ts'
import { type FlatForm, type Form, sourceOf, storedSize } from './forms.ts'

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
  const plainSize = last.slot.offset + last.slot.size
  const pieces = stored.map((piece) => ({ ...piece, source: piece.form && sourceOf(piece.form, block) }))
  return {
    size: last.offset + last.size,
    pack(plain) {
      const packed = new Float32Array(this.size)
      for (const { slot, offset, size, source } of pieces) {
        const values = plain.subarray(slot.offset, slot.offset + slot.size)
        if (!source) packed.set(values, offset)
        else for (let i = 0; i < size; i++) packed[offset + i] = source[i]! < 0 ? 0 : values[source[i]!]!
      }
      return packed
    },
    unpack(packed) {
      const plain = new Float32Array(plainSize)
      for (const { slot, offset, size, source } of pieces) {
        if (!source) plain.set(packed.subarray(offset, offset + size), slot.offset)
        else {
          for (let i = 0; i < size; i++) {
            if (source[i]! >= 0) plain[slot.offset + source[i]!] = packed[offset + i]!
          }
        }
      }
      return plain
    },
    isClean(packed) {
      return pieces.every(
        ({ offset, size, source }) =>
          !source ||
          packed.subarray(offset, offset + size).every((value, i) => source[i]! >= 0 || value === 0),
      )
    },
  }
}
