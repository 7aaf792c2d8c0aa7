import { expect, it } from 'vitest'
import { text } from '../../core/network/text.ts'
import { finds, found } from './search.ts'

const pooling = text('Max pooling 2D', '최대 풀링 2D')

it('finds in both languages, whatever the case and the spaces', () => {
  expect(finds('MAXPOOL', pooling)).toBe(true)
  expect(finds('최대풀', pooling)).toBe(true)
  expect(finds('dense', pooling)).toBe(false)
  expect(finds('', pooling)).toBe(true)
})

it('finds Korean by initial consonants, also beside other letters', () => {
  expect(finds('ㅊㄷㅍㄹ', pooling)).toBe(true)
  expect(finds('ㅍㄹ2', pooling)).toBe(true)
  expect(finds('ㅎㅅㄱ', text('Convolution', '합성곱'))).toBe(true)
  expect(finds('ㅎㅎ', text('Convolution', '합성곱'))).toBe(false)
})

it('finds words that stand apart or in different texts', () => {
  expect(finds('max 2d', pooling)).toBe(true)
  expect(finds('합성곱 2d', text('Conv 2D', 'Conv 2D'), '합성곱')).toBe(true)
  expect(finds('합성곱 3d', text('Conv 2D', 'Conv 2D'), '합성곱')).toBe(false)
})

it('gives first what is called so, then what begins so, then what has such a word', () => {
  const kinds = [
    text('Leaky ReLU', 'Leaky ReLU'),
    text('Prelude', '전주'),
    text('Conv 1D', 'Conv 1D'),
    text('ReLU plus', 'ReLU 플러스'),
    text('ReLU', 'ReLU'),
  ]
  const titles = (query: string) => found(query, kinds, (kind) => [kind]).map(({ en }) => en)
  expect(titles('relu')).toEqual(['ReLU', 'ReLU plus', 'Leaky ReLU', 'Prelude'])
  expect(titles('rel')).toEqual(['ReLU plus', 'ReLU', 'Leaky ReLU', 'Prelude'])
  expect(titles('')).toEqual(kinds.map(({ en }) => en))
})
