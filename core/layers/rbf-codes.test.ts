import { expect, it } from 'vitest'
import { CODE_SIZE, rbfCodes } from './rbf-codes.ts'

const rows = (classes: number) => {
  const values = rbfCodes(classes)
  return Array.from({ length: classes }, (_, c) => values.slice(c * CODE_SIZE, (c + 1) * CODE_SIZE))
}
const apart = (a: readonly number[], b: readonly number[]) => a.filter((v, i) => v !== b[i]).length

it('gives one row of +1 and -1 a class, the first ones whatever follows', () => {
  const codes = rows(40)
  for (const code of codes) {
    expect(code).toHaveLength(CODE_SIZE)
    expect(code.every((v) => v === 1 || v === -1)).toBe(true)
  }
  expect(rows(10)).toEqual(codes.slice(0, 10))
})

it('draws digits that differ: at least 6 dots, and all others at least 20', () => {
  const codes = rows(200)
  for (let a = 0; a < codes.length; a++)
    for (let b = 0; b < a; b++)
      expect(apart(codes[a]!, codes[b]!), `classes ${b} and ${a}`).toBeGreaterThanOrEqual(a < 10 ? 6 : 20)
})
