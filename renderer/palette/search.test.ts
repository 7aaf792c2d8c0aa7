import { expect, it } from 'vitest'
import { text } from '../../core/network/text.ts'
import { finds } from './search.ts'

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
