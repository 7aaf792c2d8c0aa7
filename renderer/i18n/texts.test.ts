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

  it('have one Korean word for one thing', () => {
    // the word that is used, and others that mean the same
    const instead: Record<string, readonly string[]> = {
      에폭: ['에포크'],
      형태: ['형상'],
      그래디언트: ['기울기', '그라디언트'],
      학습: ['훈련', '트레이닝'],
      패널: ['서랍'],
      스텝: ['스탭'],
    }
    const found = areas('ko').flatMap((area) =>
      [...flat(read('ko', area))].flatMap(([key, text]) =>
        Object.entries(instead).flatMap(([word, others]) =>
          others
            .filter((other) => text.includes(other))
            .map((other) => `${area} ${key}: ${other}, not ${word}`),
        ),
      ),
    )
    expect(found).toEqual([])
  })
})
