import type { Text } from '../../core/network/text.ts'

/** First consonants of Hangul syllables, in the order of Unicode's syllable block. */
const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
const FIRST = 0xac00
const LAST = 0xd7a3
/** Syllables with the same first consonant. */
const PER_INITIAL = 588

const initialOf = (letter: string): string => {
  const code = letter.charCodeAt(0)
  return code >= FIRST && code <= LAST ? INITIALS[Math.floor((code - FIRST) / PER_INITIAL)]! : letter
}

const plain = (text: string) => text.toLowerCase().replace(/[\s·_-]+/g, '')

/**
 * Whether what was typed finds one of the texts. Spaces, dashes and case don't matter; both languages are searched, words
 * one by one if not together (`합성곱 2d`), and Korean is also found by its initial consonants (`ㅍㄹ` finds 풀링).
 */
export function finds(query: string, ...texts: readonly (Text | string)[]): boolean {
  return rankOf(query, texts) !== null
}

/**
 * What is found among `items`, best first: those whose first text is what was typed, begins with it, has a word that
 * does, then the rest; as they were where two are equal.
 */
export function found<T>(
  query: string,
  items: readonly T[],
  textsOf: (item: T) => readonly (Text | string)[],
): T[] {
  const ranked = items.flatMap((item) => {
    const rank = rankOf(query, textsOf(item))
    return rank === null ? [] : [{ item, rank }]
  })
  return ranked.sort((a, b) => a.rank - b.rank).map(({ item }) => item)
}

/** The rank of what is found somewhere inside a title. */
const INSIDE = 3

function rankOf(query: string, texts: readonly (Text | string)[]): number | null {
  const wanted = plain(query)
  if (wanted === '') return 0
  const [titles = [], ...others] = texts.map(wordings)
  const best = Math.min(...titles.map((title) => rankIn(title, query.toLowerCase().trim(), wanted)))
  if (Number.isFinite(best)) return best
  if (others.flat().some((text) => includes(text, wanted))) return INSIDE + 1
  const all = [...titles, ...others.flat()]
  const each = query.split(/\s+/).map(plain).filter(Boolean)
  return each.every((word) => all.some((text) => includes(text, word))) ? INSIDE + 2 : null
}

function rankIn(title: string, query: string, wanted: string): number {
  const here = plain(title)
  if (here === wanted) return 0
  if (here.startsWith(wanted)) return 1
  const words = title.toLowerCase().split(/[\s·_()-]+/)
  if (words.some((word) => word.startsWith(query))) return 2
  return includes(title, wanted) ? INSIDE : Number.POSITIVE_INFINITY
}

const wordings = (entry: Text | string) => (typeof entry === 'string' ? [entry] : [entry.en, entry.ko])

function includes(text: string, wanted: string): boolean {
  const here = plain(text)
  return here.includes(wanted) || initials(here).includes(wanted)
}

const initials = (text: string) => [...text].map(initialOf).join('')
