import { expect, it } from 'vitest'
import { labelledRows } from './row-labels.ts'

it('names every row where there is room', () => {
  expect(labelledRows(6, 100, null)).toEqual([0, 1, 2, 3, 4, 5])
  expect(labelledRows(6, 100, 3)).toEqual([0, 1, 2, 3, 4, 5])
  expect(labelledRows(1, 100, null)).toEqual([0])
  expect(labelledRows(0, 100, null)).toEqual([])
})

it.each([10, 50, 400, 3000])(
  'names some of %i rows evenly, none over another, both ends among them',
  (rows) => {
    for (const height of [72, 101, 168]) {
      const named = labelledRows(rows, height, null)
      expect([named[0], named.at(-1)]).toEqual([0, rows - 1])
      const gaps = named.slice(1).map((row, i) => ((row - named[i]!) * height) / rows)
      for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(14)
      expect(named.length).toBeGreaterThanOrEqual(Math.min(rows, Math.floor(height / 14)) - 2)
    }
  },
)

it('names the row that is pointed at, and those near it no more', () => {
  const named = labelledRows(400, 101, 57)
  expect(named).toContain(57)
  expect(named.filter((row) => Math.abs(row - 57) < 55)).toEqual([57])
  expect(labelledRows(400, 101, 399).at(-1)).toBe(399)
})
