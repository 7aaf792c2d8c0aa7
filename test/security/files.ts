import fc from 'fast-check'

/** How a file gets broken, by accident or on purpose. */

/** Numbers that lie best in a header's place for a length, an offset or a count. */
const lies = [0, 1, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff]

/**
 * Damaged copies of `bytes`: cut short, single bytes changed, numbers of 1, 2, 4 or 8 bytes replaced by ones that lie
 * (either order of bytes), pieces repeated, moved or cut out. Mostly near the beginning, where headers are.
 */
export function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const end = Math.max(bytes.length, 1)
  const place = fc.oneof(fc.nat(Math.min(end, 256) - 1), fc.nat(end - 1))
  const once = fc.oneof(
    place.map((at) => (file: Uint8Array) => file.slice(0, at)),
    fc.tuple(place, fc.nat(255)).map(([at, byte]) => (file: Uint8Array) => {
      const copy = file.slice()
      if (at < copy.length) copy[at] = byte
      return copy
    }),
    fc
      .tuple(place, fc.constantFrom(...lies), fc.constantFrom(1, 2, 4, 8), fc.boolean())
      .map(([at, lie, size, little]) => (file: Uint8Array) => {
        const copy = file.slice()
        for (let i = 0; i < size && at + i < copy.length; i++) {
          const shift = little ? i : size - 1 - i
          copy[at + i] = shift < 4 ? (lie >>> (8 * shift)) & 255 : 0
        }
        return copy
      }),
    fc.tuple(place, place, fc.nat(64)).map(([from, to, length]) => (file: Uint8Array) => {
      const copy = file.slice()
      copy.copyWithin(to, from, Math.min(from + length, copy.length))
      return copy
    }),
    fc.tuple(place, fc.nat(64)).map(
      ([at, length]) =>
        (file: Uint8Array) =>
          Uint8Array.from([...file.slice(0, at), ...file.slice(at + length)]),
    ),
  )
  return fc
    .array(once, { minLength: 1, maxLength: 4 })
    .map((steps) => steps.reduce((file, step) => step(file), bytes))
}
