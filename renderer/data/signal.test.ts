import { expect, it } from 'vitest'
import { signalPath } from './signal.ts'

it('draws every value of a short signal, its channels one below the other', () => {
  expect(signalPath(Uint8Array.of(0, 255), [1, 2])).toBe('M0.0 100.0L0.0 100.0L120.0 0.0L120.0 0.0')
  expect(signalPath(Uint8Array.of(0, 255), [2, 1])).toBe('M0.0 50.0L0.0 50.0M0.0 50.0L0.0 50.0')
})

it('loses no peak of a long one', () => {
  const pixels = new Uint8Array(32_000).fill(128)
  pixels[20_001] = 255
  pixels[20_003] = 0
  const path = signalPath(pixels, [1, pixels.length])
  expect(path.match(/[ML]/g)).toHaveLength(240)
  // both lie in one column
  expect(path).toMatch(/L([\d.]+) 0\.0L\1 100\.0/)
})
