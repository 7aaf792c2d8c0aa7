import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const renderer = join(import.meta.dirname, '..')
const sheets = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.css'),
)

/** Classes that a sheet dresses wherever they stand, not only inside of something. */
const dressed = (css: string): Set<string> =>
  new Set(
    [...css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/(?:^|[},])\s*\.([\w-]+)\s*(?=[{,])/g)].map(
      ([, name]) => name!,
    ),
  )

it('dresses each class in one sheet: all of them hold for the whole window', () => {
  const owners = new Map<string, string[]>()
  for (const sheet of sheets) {
    for (const name of dressed(readFileSync(join(renderer, sheet), 'utf8'))) {
      owners.set(name, [...(owners.get(name) ?? []), sheet])
    }
  }
  expect(owners.size).toBeGreaterThan(100)
  expect([...owners].filter(([, where]) => where.length > 1)).toEqual([])
})
