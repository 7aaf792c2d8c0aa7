import { expect, it } from 'vitest'
import { nextSort, type Sort } from './sort.ts'

it('sorts one way, the other, and then not at all; figures from the largest, names from the first', () => {
  const clicks = (column: 'name' | 'size', figures: boolean) => {
    const seen: (Sort<'name' | 'size'> | null)[] = []
    for (let sort: Sort<'name' | 'size'> | null = null, i = 0; i < 3; i++) {
      sort = nextSort(sort, column, figures)
      seen.push(sort)
    }
    return seen.map((sort) => sort?.descending)
  }
  expect(clicks('size', true)).toEqual([true, false, undefined])
  expect(clicks('name', false)).toEqual([false, true, undefined])
})

it('begins anew with another column', () => {
  expect(nextSort({ column: 'size', descending: false }, 'name', false)).toEqual({
    column: 'name',
    descending: false,
  })
})
