import { describe, expect, it } from 'vitest'
import { blockedForm, type Form, filterForm, sourceOf, stemForm } from './forms.ts'
import { packingOf, type SlotForm, storedSlots } from './packing.ts'

/** Row-by-row index of an element by its place in memory, from the form's definition. */
function definition(form: Exclude<Form, { kind: 'flat' }>, b: number): number[] {
  const blocks = (n: number) => Array.from({ length: Math.ceil(n / b) }, (_, i) => i)
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)
  const { c, h, w } = form
  const at = (first: number, channel: number, y: number, x: number, fits: boolean) =>
    fits && channel < c ? ((first * c + channel) * h + y) * w + x : -1
  const places = upTo(h).flatMap((y) => upTo(w).map((x) => [y, x] as const))
  if (form.kind === 'blocked') {
    return upTo(form.n).flatMap((n) =>
      blocks(c).flatMap((block) =>
        places.flatMap(([y, x]) => upTo(b).map((lane) => at(n, block * b + lane, y, x, true))),
      ),
    )
  }
  const outer = form.kind === 'filter' ? blocks(c) : [0]
  const inner = form.kind === 'filter' ? upTo(b) : upTo(c)
  return blocks(form.k).flatMap((kb) =>
    outer.flatMap((cb) =>
      places.flatMap(([y, x]) =>
        inner.flatMap((lane) => upTo(b).map((k) => at(kb * b + k, cb * b + lane, y, x, kb * b + k < form.k))),
      ),
    ),
  )
}

const forms = [
  blockedForm([3, 11, 2, 3]),
  blockedForm([1, 8]),
  blockedForm([2, 5]),
  filterForm([9, 13, 3, 2]),
  filterForm([8, 16, 1, 1]),
  stemForm([11, 3, 2, 5]),
]

describe('stored weights', () => {
  it.each(forms)('lie as the form $kind says', (form) => {
    expect(Array.from(sourceOf(form, 8))).toEqual(definition(form, 8))
  })

  it('come back as they were, with zeros where they are filled up', () => {
    let offset = 0
    const slots = [...forms, null].map((form, i) => {
      const { kind: _, ...sizes } = form ?? { kind: '', n: 7 }
      const size = Object.values(sizes)
        .filter((n) => typeof n === 'number')
        .reduce((all, n) => all * n, 1)
      const slot = { name: `w${i}`, layer: 'l', shape: [size], offset, size, trainable: true, decay: true }
      offset += size
      return slot
    })
    const wanted = new Map<number, SlotForm>(forms.map((form, i) => [i, form]))
    const storage = packingOf(storedSlots(slots, new Map(), wanted, 8), 8)
    const plain = Float32Array.from({ length: offset }, (_, i) => i + 1)
    const packed = storage.pack(plain)
    expect(packed.length).toBe(storage.size)
    expect(storage.unpack(packed)).toEqual(plain)
    expect(packed.filter((value) => value !== 0).length).toBe(offset)
    expect(storage.isClean(packed)).toBe(true)
    for (const [i, value] of packed.entries()) {
      if (value !== 0) continue
      packed[i] = 1
      expect(storage.isClean(packed)).toBe(false)
      packed[i] = 0
    }
  })
})
