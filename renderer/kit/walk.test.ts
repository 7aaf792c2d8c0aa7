import { describe, expect, it } from 'vitest'
import { walk } from './walk.ts'

const press = (key: string, held: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
})

describe('walking by keys', () => {
  it('goes down a list by one, by a page and to its ends, and stops there', () => {
    const list = { total: 50, page: 10 }
    const to = (key: string, at: number) => walk(press(key), at, list)
    expect(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'].map((key) => to(key, 20))).toEqual([
      19, 21, 10, 30, 0, 49,
    ])
    expect([to('ArrowUp', 0), to('ArrowDown', 49), to('PageUp', 3), to('PageDown', 45)]).toEqual([
      0, 49, 0, 49,
    ])
  })

  it('begins at the first one where one stands on none', () => {
    expect(walk(press('ArrowDown'), -1, { total: 3, page: 1 })).toBe(0)
    expect(walk(press('ArrowUp'), -1, { total: 3, page: 1 })).toBe(0)
  })

  it('goes along and across a grid', () => {
    const grid = { total: 20, columns: 6, page: 2 }
    const to = (key: string) => walk(press(key), 7, grid)
    expect([to('ArrowLeft'), to('ArrowRight'), to('ArrowUp'), to('ArrowDown')]).toEqual([6, 8, 1, 13])
    expect([to('PageUp'), to('PageDown')]).toEqual([0, 19])
  })

  it('leaves other keys, those of a list without columns, those with others held and empty lists alone', () => {
    const list = { total: 3, page: 1 }
    expect(walk(press('a'), 1, list)).toBeNull()
    expect(walk(press('ArrowLeft'), 1, list)).toBeNull()
    expect(walk(press('ArrowRight'), 1, list)).toBeNull()
    for (const held of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }])
      expect(walk(press('ArrowDown', held), 1, list)).toBeNull()
    expect(walk(press('ArrowDown'), -1, { total: 0, page: 1 })).toBeNull()
  })

  it('leaps over a row at least, however low the frame is', () => {
    expect(walk(press('PageDown'), 0, { total: 9, page: -1 })).toBe(1)
  })
})
