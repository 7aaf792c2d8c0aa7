/**
 * Random numbers of the engine: counter based, so that a number depends on where it is used and not on what was
 * drawn before it.
 *
 * In a program (`uniform`) an element's index is mixed by a Feistel network of two base-4096 digits whose round
 * function is the middle of a square. Digits are kept as fractions of 4096, hence every intermediate value has at
 * most 24 significant bits and float32 arithmetic is exact: CPUs, GPUs and the 64-bit reference agree bit by bit.
 * Six rounds pass tests of mean, variance, lag correlation and pair frequencies that four rounds fail.
 */

/** Base of the two digits. */
export const DIGIT = 4096

export const ROUNDS = 6

/** Keys a `uniform` operation takes: one a round and one for each digit before the first. */
export const KEYS = ROUNDS + 2

/** The number at `index` (below 4096 squared) under `keys`, KEYS multiples of 1 / 4096 in [0, 1). */
export function uniformAt(keys: ArrayLike<number>, index: number): number {
  let left = fraction(Math.floor(index / DIGIT) / DIGIT + keys[ROUNDS]!)
  let right = fraction((index % DIGIT) / DIGIT + keys[ROUNDS + 1]!)
  for (let round = 0; round < ROUNDS; round++) {
    const off = right - keys[round]!
    const next = fraction(Math.floor(off * off * 2 ** 20) / DIGIT + left)
    left = right
    right = next
  }
  return right + left / DIGIT
}

const fraction = (x: number): number => x - Math.floor(x)

/** Keys of one random stream at one step of a run. Part tells the pieces of a very large tensor from one another. */
export function streamKeys(seed: number, step: number, stream: number, part: number): Float32Array {
  const next = generator([seed, step, stream, part])
  return Float32Array.from({ length: KEYS }, () => (next() >>> 20) / DIGIT)
}

/** Mixes whole numbers into one of 32 bits (MurmurHash3, A. Appleby, public domain). */
function mix(words: readonly number[]): number {
  let hash = 0x9747b28c
  for (const word of words) {
    // numbers above 32 bits count with both halves
    for (const half of [word >>> 0, Math.floor(word / 2 ** 32) >>> 0]) {
      let k = Math.imul(half, 0xcc9e2d51)
      k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
      hash ^= k
      hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
    }
  }
  return finish(hash ^ (words.length * 8))
}

function finish(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Unsigned 32-bit numbers, decided by `words` alone (SplitMix with MurmurHash3's finisher). */
export function generator(words: readonly number[]): () => number {
  let state = mix(words)
  const increment = mix([...words, 1]) | 1
  return () => {
    state = (state + increment) | 0
    return finish(state)
  }
}

/** The letters of a name as words for `generator`. */
export const wordsOf = (name: string): number[] => Array.from(name, (letter) => letter.codePointAt(0)!)
