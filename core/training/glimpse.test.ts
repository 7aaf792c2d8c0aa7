import { expect, it } from 'vitest'
import { filtersOf, gradCam, mapsOf } from './glimpse.ts'

const array = (shape: number[], values: number[]) => ({ shape, values: Float32Array.from(values) })

it('shows channels on one scale', () => {
  const maps = mapsOf(array([2, 1, 2], [0, 1, 2, 4]))
  expect(maps).toMatchObject({ shape: [2, 1, 2], count: 2, height: 1, width: 2 })
  expect([...maps.pixels]).toEqual([0, 64, 128, 255])
})

it('makes large maps smaller by means, also where the squares do not fit', () => {
  const side = 49
  const values = Array.from({ length: side * side }, (_, i) => (i % side === side - 1 ? 1 : 0))
  const maps = mapsOf(array([1, side, side], values))
  expect(maps).toMatchObject({ height: 25, width: 25 })
  // the last column stands alone in its squares, so nothing thins it out
  expect(maps.pixels[24]).toBe(255)
  expect(maps.pixels[23]).toBe(0)
})

it('cuts volumes through the middle, and lays values without places in a row', () => {
  expect([...mapsOf(array([1, 3, 1, 2], [9, 9, 1, 2, 9, 9])).pixels]).toEqual([0, 255])
  expect(mapsOf(array([3], [1, 2, 3]))).toMatchObject({ count: 1, height: 1, width: 3 })
  expect(mapsOf(array([2, 4], [0, 0, 0, 0, 1, 1, 1, 1]))).toMatchObject({ count: 2, height: 1, width: 4 })
})

it('weighs channels by their mean gradient and leaves negative reasons out', () => {
  const output = array([2, 1, 3], [1, 2, 0, 4, 0, 1])
  const gradient = array([2, 1, 3], [3, 3, 3, -1, -1, -1])
  // 3 * (1, 2, 0) - (4, 0, 1) = (-1, 6, -1)
  expect(gradCam({ output, gradient })).toEqual({ height: 1, width: 3, pixels: Uint8Array.of(0, 255, 0) })
})

it('shows filters around gray, those of three inputs in colour', () => {
  const colour = filtersOf(array([2, 3, 1, 2], [1, 0, -1, 0.5, 0, 0, -0.5, 0, 0, 0, 0, 0]))
  expect(colour).toMatchObject({ of: 2, count: 2, channels: 3, height: 1, width: 2 })
  expect([...colour!.pixels]).toEqual([255, 128, 1, 192, 128, 128, 65, 128, 128, 128, 128, 128])
  const deep = filtersOf(array([2, 2, 1, 2], [1, 2, 9, 9, -2, 0, 9, 9]))
  expect(deep).toMatchObject({ channels: 1, count: 2 })
  expect([...deep!.pixels]).toEqual([192, 255, 1, 128])
  expect(filtersOf(array([40, 1, 3, 3], Array(360).fill(0)))).toMatchObject({ of: 40, count: 24 })
})

it('has no filters of a single pixel, or of a dense layer', () => {
  expect(filtersOf(array([2, 3, 1, 1], [1, 2, 3, 4, 5, 6]))).toBeNull()
  expect(filtersOf(array([2, 3], [1, 2, 3, 4, 5, 6]))).toBeNull()
})
