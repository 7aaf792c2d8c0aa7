import { expect, test } from 'vitest'
import {
  nothingWatched,
  parseSchedule,
  rateFactor,
  type Watched,
  watch,
} from '../../core/network/schedules/index.ts'
import { apart } from './compare.ts'
import { readGolden } from './read.ts'

interface Run {
  readonly stepsPerEpoch: number
  readonly epochs: number
  /** On validation data, one an epoch. */
  readonly losses: readonly number[]
}

const golden = readGolden('schedules.safetensors')
const { stepsPerEpoch, epochs, losses } = JSON.parse(golden.metadata.run!) as Run

test.each(golden.names)('%s: the rate of every step is that of PyTorch', (spelling) => {
  const choice = parseSchedule(spelling)!
  let watched: Watched = nothingWatched
  const rates: number[] = []
  for (const loss of losses) {
    for (let i = 0; i < stepsPerEpoch; i++) {
      rates.push(rateFactor(choice, { step: rates.length, stepsPerEpoch, epochs }, watched))
    }
    watched = watch(choice, watched, loss)
  }
  expect(apart(rates, golden.array(spelling).data)).toBeLessThan(1e-12)
  // a rate that is 0 or stays the same would be close to anything
  expect(new Set(rates).size).toBeGreaterThan(1)
})
