/** The numbers of scripts/golden/formula.py, bit by bit, so that golden files need not hold them. */

const scramble = (value: number): number => {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const seedOf = (name: string): number => {
  let h = 0x811c9dc5
  for (const letter of name) h = Math.imul(h ^ letter.codePointAt(0)!, 0x01000193)
  return h >>> 0
}

/** `count` whole numbers of 32 bits, decided by the name alone. */
export const draws = (name: string, count: number): Uint32Array => {
  const seed = seedOf(name)
  return Uint32Array.from({ length: count }, (_, i) => scramble(seed + i))
}

/** `count` numbers within +-bound, rounded to float32. */
export const uniform = (name: string, count: number, bound = 1): Float32Array =>
  Float32Array.from(draws(name, count), (draw) => ((draw >>> 8) * 2 ** -23 - 1) * bound)
