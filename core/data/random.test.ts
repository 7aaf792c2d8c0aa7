import { describe, expect, test } from 'vitest'
import { createRandom, exactExp, exactLog } from './random.ts'

describe('random numbers', () => {
  test('are the same bits everywhere', () => {
    const random = createRandom(1)
    expect([random.uint32(), random.uint32(), random.uint32(), random.uint32()]).toMatchInlineSnapshot(`
      [
        3623726485,
        1318355007,
        1223771746,
        1548417265,
      ]
    `)
    const normals = createRandom(7)
    expect([normals.normal(), normals.normal(), normals.normal()]).toMatchInlineSnapshot(`
      [
        0.48079216899433236,
        1.3890096845331756,
        0.36335955730941344,
      ]
    `)
  })

  test('differ between seeds, streams and the order of streams', () => {
    const first = [[1], [2], [1, 0], [1, 1], [0, 1], [2 ** 32 + 1], [2 ** 40]].map((s) =>
      createRandom(...s).uint32(),
    )
    expect(new Set(first).size).toBe(first.length)
  })

  test('cover their range evenly', () => {
    const random = createRandom(3)
    const counts = new Array<number>(7).fill(0)
    for (let i = 0; i < 70_000; i++) counts[random.below(7)]!++
    // 9,900 to 10,100 is about one standard deviation; five are allowed
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
    let low = 1
    let high = 0
    for (let i = 0; i < 10_000; i++) {
      const x = random.uniform()
      low = Math.min(low, x)
      high = Math.max(high, x)
    }
    expect(low).toBeGreaterThanOrEqual(0)
    expect(low).toBeLessThan(0.01)
    expect(high).toBeLessThan(1)
    expect(high).toBeGreaterThan(0.99)
  })

  test('normal draws have the moments of the normal distribution', () => {
    const random = createRandom(11)
    const n = 200_000
    const moments = [0, 0, 0, 0]
    for (let i = 0; i < n; i++) {
      const x = random.normal()
      for (let k = 0; k < 4; k++) moments[k]! += x ** (k + 1) / n
    }
    expect(moments[0]).toBeCloseTo(0, 1)
    expect(moments[1]).toBeCloseTo(1, 1)
    expect(moments[2]).toBeCloseTo(0, 1)
    expect(Math.abs(moments[3]! - 3)).toBeLessThan(0.1)
  })

  test('a shuffle keeps every element and moves nearly all', () => {
    const items = Int32Array.from({ length: 1000 }, (_, i) => i)
    const shuffled = createRandom(5).shuffle(items.slice())
    expect([...shuffled].sort((a, b) => a - b)).toEqual([...items])
    expect(shuffled.filter((value, i) => value === i).length).toBeLessThan(10)
  })

  test('the logarithm agrees with the platform to a few last bits', () => {
    for (const x of [1e-9, 0.001, 0.3, 0.7, 0.999999, 1, 1.5, 10, 1e9]) {
      expect(Math.abs(exactLog(x) - Math.log(x))).toBeLessThanOrEqual(
        1e-14 * Math.max(1, Math.abs(Math.log(x))),
      )
    }
  })
})

test('the exponential is that of the library, to its last digits', () => {
  for (let x = -20; x <= 20; x += 0.37) {
    expect(Math.abs(exactExp(x) / Math.exp(x) - 1)).toBeLessThan(1e-12)
  }
  expect(exactExp(0)).toBe(1)
})
