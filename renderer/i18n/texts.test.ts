import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

type Texts = { readonly [key: string]: string | Texts }

const folder = import.meta.dirname
const areas = (language: string) => readdirSync(join(folder, language)).sort()
const read = (language: string, area: string): Texts =>
  JSON.parse(readFileSync(join(folder, language, area), 'utf8'))

/** Every text with its dotted key; the plural forms of a language are one. */
function flat(texts: Texts, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string'
        ? [[prefix + key.replace(/_(one|other)$/, ''), value]]
        : [...flat(value, `${prefix}${key}.`)],
    ),
  )
}
const holes = (text: string) => [...new Set(text.match(/\{\{\s*\w+\s*\}\}/g) ?? [])].sort()

describe('texts', () => {
  it('have the same areas in both languages', () => {
    expect(areas('ko')).toEqual(areas('en'))
  })

  for (const area of areas('en')) {
    it(`say the same in ${area}, with the same values filled in`, () => {
      const [en, ko] = [flat(read('en', area)), flat(read('ko', area))]
      expect([...ko.keys()].sort()).toEqual([...en.keys()].sort())
      for (const [key, text] of en) {
        expect([key, holes(ko.get(key)!)]).toEqual([key, holes(text)])
      }
    })
  }
})
