import { expect, it } from 'vitest'
import { centred, DIGIT_SIDE, pictures, toColours } from './pixels.ts'

it('shows three channels as colours, others as gray, volumes by their middle', () => {
  expect([...toColours(Uint8Array.of(1, 2, 3), [3, 1, 1], null).pixels]).toEqual([1, 2, 3, 255])
  expect([...toColours(Uint8Array.of(9, 8), [2, 1, 1], null).pixels]).toEqual([9, 9, 9, 255])
  expect([...toColours(Uint8Array.of(1, 2, 3), [1, 3, 1, 1], null).pixels]).toEqual([2, 2, 2, 255])
  expect(toColours(Uint8Array.of(1, 2), [1, 2], null)).toMatchObject({ height: 1, width: 2 })
})

it('glows where the heat is, and nowhere else', () => {
  const heat = { height: 1, width: 2, pixels: Uint8Array.of(0, 255) }
  const { pixels } = toColours(new Uint8Array(4), [1, 1, 4], heat)
  expect([...pixels.slice(0, 3)]).toEqual([0, 0, 0])
  expect(pixels[4 * 3]!).toBeGreaterThan(180)
  expect(pixels[4 * 3 + 2]!).toBeLessThan(20)
})

it('puts a drawing where MNIST has its digits, whatever corner it was drawn in', () => {
  const side = 56
  const drawn = new Uint8Array(side * side)
  for (let y = 3; y < 13; y++) for (let x = 40; x < 44; x++) drawn[y * side + x] = 255
  const result = centred(drawn, side)
  const ink = [...result.entries()]
    .filter(([, value]) => value > 127)
    .map(([i]) => [i % DIGIT_SIDE, Math.floor(i / DIGIT_SIDE)] as const)
  const rows = ink.map(([, y]) => y)
  expect(Math.max(...rows) - Math.min(...rows) + 1).toBe(20)
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  expect(mean(ink.map(([x]) => x + 0.5))).toBeCloseTo(DIGIT_SIDE / 2, 0)
  expect(mean(rows.map((y) => y + 0.5))).toBeCloseTo(DIGIT_SIDE / 2, 0)
  expect(centred(new Uint8Array(9), 3).every((value) => value === 0)).toBe(true)
})

it('tells pictures that lie one behind the other apart', () => {
  const all = Uint8Array.of(1, 2, 3, 4, 5, 6, 7)
  expect(pictures(all, 3, 2).map(({ place, pixels }) => [place, ...pixels])).toEqual([
    [0, 1, 2],
    [1, 3, 4],
    [2, 5, 6],
  ])
})
