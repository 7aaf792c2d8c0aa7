import { beforeEach, expect, it, vi } from 'vitest'
import type { Store } from '../state/store.ts'
import { followRecent, onRecent, type RecentFile, readRecent, withRecent } from './recent.ts'

let kept: unknown = null
vi.mock('../host/kept.ts', () => ({
  readKept: async () => kept,
  writeKept: async (_: string, value: unknown) => {
    kept = value
  },
}))
beforeEach(() => {
  kept = null
})

const file = (fileName: string, text = '{}'): RecentFile => ({ name: fileName, fileName, at: '2026', text })

it('keeps the newest in front, each file once, and not without end', () => {
  let list: readonly RecentFile[] = []
  for (const name of ['a', 'b', 'c', 'a', 'd', 'e', 'f', 'g']) list = withRecent(list, file(name))
  expect(list.map((f) => f.fileName)).toEqual(['g', 'f', 'e', 'd', 'a', 'c'])
  expect(withRecent(list, file('huge', 'x'.repeat(1_500_000)))).toBe(list)
  // another folder's file of the same name is another file
  expect(withRecent(list, { ...file('g'), path: '/there/g' }).slice(0, 2)).toMatchObject([
    { path: '/there/g' },
    { fileName: 'g' },
  ])
})

it('remembers what is opened from a file or saved to one, and nothing else', async () => {
  let tell: (now: Store, before: Store) => void = () => {}
  followRecent({
    subscribe: (listener) => {
      tell = listener
    },
  })
  const state = (place: { path: string | null; fileName: string } | null, dirty: boolean) =>
    ({
      document: { place, dirty, document: { name: 'net' }, serialize: () => '{"a":1}' },
    }) as unknown as Store
  const told = vi.fn()
  const stop = onRecent(told)
  const place = { path: '/home/me/net.layerloom', fileName: 'net.layerloom' }
  tell(state(null, true), state(null, false))
  tell(state(place, true), state(null, true))
  expect(await readRecent()).toEqual([])
  tell(state(place, false), state(place, true))
  const other = { path: null, fileName: 'other.layerloom' }
  tell(state(other, false), state(place, false))
  await vi.waitFor(async () => expect(await readRecent()).toHaveLength(2))
  expect(await readRecent()).toMatchObject([
    { name: 'net', fileName: 'other.layerloom', text: '{"a":1}' },
    { fileName: 'net.layerloom', path: '/home/me/net.layerloom' },
  ])
  // whoever shows the list hears of each, once it is kept
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(2))
  stop()
})

it('lives with a list that cannot be read', async () => {
  kept = { not: 'a list' }
  expect(await readRecent()).toEqual([])
})
