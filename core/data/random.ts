/**
 * Seeded random numbers that are the same bits on every machine and JavaScript engine: only integer arithmetic and
 * the correctly rounded operations of IEEE 754 (+, -, *, /, square root), never Math.log or Math.sin, whose last
 * bits engines may choose.
 */
export interface Random {
  /** An integer, 0 to 2^32 - 1. */
  uint32(): number
  /** A real number from 0 (included) to 1 (not included), in steps of 2^-32. */
  uniform(): number
  /** A real number from `low` to `high`. */
  between(low: number, high: number): number
  /** An integer from 0 to n - 1, each as likely as any other; n is 1 to 2^32. */
  below(n: number): number
  /** A draw from the standard normal distribution. */
  normal(): number
  /** True with probability p. */
  chance(p: number): boolean
  /** Puts the elements in random order, in place (Fisher-Yates); gives the same array back. */
  shuffle<T extends Int32Array | unknown[]>(items: T): T
}

const LN2 = Math.LN2

/** Natural logarithm of x > 0 by the series of the inverse hyperbolic tangent; error under 1e-15 relative. */
export function exactLog(x: number): number {
  let mantissa = x
  let exponent = 0
  while (mantissa > Math.SQRT2) {
    mantissa /= 2
    exponent++
  }
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2
    exponent--
  }
  const z = (mantissa - 1) / (mantissa + 1)
  const square = z * z
  let term = z
  let sum = z
  for (let k = 3; k <= 23; k += 2) {
    term *= square
    sum += term / k
  }
  return exponent * LN2 + 2 * sum
}

/** e to the power of x by its series on a small argument; error under 1e-12 relative for -20 to 20. */
export function exactExp(x: number): number {
  const halvings = 6
  const small = x / 2 ** halvings
  let term = 1
  let sum = 1
  for (let n = 1; n < 16; n++) {
    term *= small / n
    sum += term
  }
  for (let k = 0; k < halvings; k++) sum *= sum
  return sum
}

/** Spreads related seeds (1, 2, 3; or one seed and many sample numbers) over unrelated states. */
function mixer(seeds: readonly number[]): () => number {
  let state = 0x9e3779b9
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }
  for (const seed of seeds) {
    const high = Math.floor(seed / 4294967296)
    state ^= Math.imul(seed | 0, 0x27d4eb2f)
    state = next()
    state ^= Math.imul(high | 0, 0x165667b1)
    state = next()
  }
  return next
}

/**
 * A generator by xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021).
 * Every different list of integers is a stream of its own: `createRandom(seed, epoch)`.
 */
export function createRandom(...seeds: readonly number[]): Random {
  const mix = mixer(seeds)
  let a = mix()
  let b = mix()
  let c = mix()
  // an all-zero state would stay so for ever
  let d = mix() | 1
  const uint32 = (): number => {
    const scaled = Math.imul(b, 5)
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result
  }
  const uniform = (): number => uint32() / 4294967296
  const below = (n: number): number => {
    const reach = 4294967296 - (4294967296 % n)
    let draw = uint32()
    while (draw >= reach) draw = uint32()
    return draw % n
  }
  let spare: number | null = null
  // the polar method (Marsaglia and Bray 1964) needs no sine
  const normal = (): number => {
    if (spare !== null) {
      const kept = spare
      spare = null
      return kept
    }
    let x = 0
    let y = 0
    let s = 0
    do {
      x = 2 * uniform() - 1
      y = 2 * uniform() - 1
      s = x * x + y * y
    } while (s >= 1 || s === 0)
    const factor = Math.sqrt((-2 * exactLog(s)) / s)
    spare = y * factor
    return x * factor
  }
  return {
    uint32,
    uniform,
    below,
    normal,
    between: (low, high) => low + (high - low) * uniform(),
    chance: (p) => uniform() < p,
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = below(i + 1)
        const kept = items[i]
        items[i] = items[j]
        items[j] = kept
      }
      return items
    },
  }
}
