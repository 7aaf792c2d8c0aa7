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
 * Whether what was typed finds a text. Spaces, dashes and case don't matter; both languages are searched, and Korean
 * is also found by its initial consonants (`ㅍㄹ` finds 풀링).
 */
export function finds(query: string, ...texts: readonly (Text | string)[]): boolean {
  const wanted = plain(query)
  if (wanted === '') return true
  return texts.some((entry) => {
    const words = typeof entry === 'string' ? [entry] : [entry.en, entry.ko]
    return words.some((word) => {
      const here = plain(word)
      return here.includes(wanted) || initials(here).includes(wanted)
    })
  })
}

const initials = (text: string) => [...text].map(initialOf).join('')
