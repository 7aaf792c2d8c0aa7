import { expect, it } from 'vitest'
import { axes, float, int } from '../../core/layers/params.ts'
import { text } from '../../core/network/text.ts'
import { checkName, markTable, parseNumber, resizeTable, shared } from './parse.ts'

const label = text('Filters', '필터 수')
const filters = int({ default: 32, min: 1, max: 4096, label })
const rate = float({ default: 0.5, min: 0, max: 0.99, label })
const kernel = axes({ default: [3, 3], axes: ['H', 'W'], min: 1, max: 11, label })
const outcomeOf = (result: ReturnType<typeof parseNumber>) =>
  'value' in result ? result.value : result.problem.en

it('reads whole numbers within their range', () => {
  expect(outcomeOf(parseNumber(' 64 ', filters))).toBe(64)
  expect(outcomeOf(parseNumber('６４', filters))).toBe(64)
  expect(outcomeOf(parseNumber('1e3', filters))).toBe(1000)
  expect(outcomeOf(parseNumber('0', filters))).toBe('Enter a whole number from 1 to 4096, not “0”.')
  expect(outcomeOf(parseNumber('2.5', filters))).toMatch(/whole number/)
  expect(outcomeOf(parseNumber('', filters))).toBe('Enter a whole number from 1 to 4096.')
})

it('reads fractions, and refuses what JavaScript would take for a number', () => {
  expect(outcomeOf(parseNumber('.25', rate))).toBe(0.25)
  expect(outcomeOf(parseNumber('1e-3', rate))).toBe(0.001)
  for (const typed of ['0x1', 'NaN', 'Infinity', '0,5', '1 0', '--1', '1']) {
    if (typed === '1') expect(outcomeOf(parseNumber(typed, rate))).toMatch(/from 0 to 0.99/)
    else expect(parseNumber(typed, rate)).toHaveProperty('problem')
  }
  expect(parseNumber('12', kernel)).toHaveProperty('problem')
})

it('says in both languages what was expected', () => {
  const result = parseNumber('x', filters)
  expect(result).toEqual({
    problem: {
      en: 'Enter a whole number from 1 to 4096, not “x”.',
      ko: '‘x’ 대신 1~4096 사이의 정수를 입력해 주세요.',
    },
  })
})

it('refuses names that are empty, taken or too long', () => {
  const taken = new Set(['c1'])
  expect(checkName(' c3 ', taken, 120)).toEqual({ value: 'c3' })
  expect(checkName('c1', taken, 120)).toHaveProperty('problem')
  expect(checkName('  ', taken, 120)).toHaveProperty('problem')
  expect(checkName('x'.repeat(121), taken, 120)).toHaveProperty('problem')
})

it('tells shared values from mixed ones', () => {
  expect(
    shared([
      [3, 3],
      [3, 3],
    ]),
  ).toEqual({ value: [3, 3] })
  expect(
    shared([
      [3, 3],
      [5, 5],
    ]),
  ).toBeNull()
  expect(shared([])).toBeNull()
})

it('resizes and marks a table without touching the old one', () => {
  const table = [[true, false]]
  expect(resizeTable(table, 2, 3)).toEqual([
    [true, false, false],
    [false, false, false],
  ])
  expect(resizeTable(table, 1, 1)).toEqual([[true]])
  expect(markTable(table, 0, 1, true)).toEqual([[true, true]])
  expect(table).toEqual([[true, false]])
})
