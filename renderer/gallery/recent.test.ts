import { afterEach, expect, it, vi } from 'vitest'
import type { Store } from '../state/store.ts'
import { followRecent, type RecentFile, readRecent, withRecent } from './recent.ts'

const file = (fileName: string, text = '{}'): RecentFile => ({ name: fileName, fileName, at: '2026', text })

it('keeps the newest in front, each file once, and not without end', () => {
  let list: readonly RecentFile[] = []
  for (const name of ['a', 'b', 'c', 'a', 'd', 'e', 'f', 'g']) list = withRecent(list, file(name))
  expect(list.map((f) => f.fileName)).toEqual(['g', 'f', 'e', 'd', 'a', 'c'])
  expect(withRecent(list, file('huge', 'x'.repeat(500_000)))).toBe(list)
})

afterEach(() => vi.unstubAllGlobals())

it('remembers what is opened from a file or saved to one, and nothing else', () => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
  let tell: (now: Store, before: Store) => void = () => {}
  followRecent({
    subscribe: (listener) => {
      tell = listener
    },
  })
  const state = (place: { fileName: string } | null, dirty: boolean) =>
    ({
      document: { place, dirty, document: { name: 'net' }, serialize: () => '{"a":1}' },
    }) as unknown as Store
  const place = { fileName: 'net.layerloom' }
  tell(state(null, true), state(null, false))
  tell(state(place, true), state(null, true))
  expect(readRecent()).toEqual([])
  tell(state(place, false), state(place, true))
  expect(readRecent()).toMatchObject([{ name: 'net', fileName: 'net.layerloom', text: '{"a":1}' }])
})

it('lives with a list that cannot be read', () => {
  vi.stubGlobal('localStorage', { getItem: () => '{"not":"a list"' })
  expect(readRecent()).toEqual([])
})
