import { expect, it } from 'vitest'
import { type RecentFile, withRecent } from './recent.ts'

const file = (fileName: string, text = '{}'): RecentFile => ({ name: fileName, fileName, at: '2026', text })

it('keeps the newest in front, each file once, and not without end', () => {
  let list: readonly RecentFile[] = []
  for (const name of ['a', 'b', 'c', 'a', 'd', 'e', 'f', 'g']) list = withRecent(list, file(name))
  expect(list.map((f) => f.fileName)).toEqual(['g', 'f', 'e', 'd', 'a', 'c'])
  expect(withRecent(list, file('huge', 'x'.repeat(500_000)))).toBe(list)
})
