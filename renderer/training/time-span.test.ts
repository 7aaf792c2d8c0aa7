import { expect, it } from 'vitest'
import { timeSpan } from './time-span.ts'

it('writes a time in the unit that suits it', () => {
  const write = (seconds: number) => timeSpan(seconds, (key, { value }) => `${value} ${key}`)
  expect([0.2, 40, 89, 90, 840, 5400, 200_000].map(write)).toEqual([
    '1 time.seconds',
    '40 time.seconds',
    '89 time.seconds',
    '1.5 time.minutes',
    '14 time.minutes',
    '1.5 time.hours',
    '2.3 time.days',
  ])
})
