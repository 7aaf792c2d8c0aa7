import { expect, it } from 'vitest'
import { createDocument, parseDocument } from './document.ts'
import { type Migrations, migrate, migrations } from './migrations.ts'
import { FORMAT_VERSION } from './schema.ts'

/**
 * One document of every released older version, as its text was written then, and what must have become of it.
 * Whoever raises FORMAT_VERSION adds the last version's here: the test below fails until then.
 */
const released: Readonly<Record<number, { text: string; expected: object }>> = {}

it('has a step and an old document for every version before this one', () => {
  const older = Array.from({ length: FORMAT_VERSION - 1 }, (_, i) => `${i + 1}`)
  expect(Object.keys(migrations)).toEqual(older)
  expect(Object.keys(released)).toEqual(older)
  for (const { text, expected } of Object.values(released))
    expect(parseDocument(text)).toMatchObject(expected)
})

it('leaves a document of this version as it is', () => {
  const document = createDocument('now')
  expect(migrate(document, FORMAT_VERSION)).toBe(document)
})

const synthetic: Migrations = {
  1: (document) => ({ ...document, trail: ['one to two'] }),
  2: ({ trail, ...rest }) => ({ ...rest, trail: [...(trail as string[]), 'two to three'] }),
}

it('runs every step in order and writes the version reached', () => {
  const old = { version: 1, kept: { deep: true } }
  expect(migrate(old, 1, 3, synthetic)).toEqual({
    version: 3,
    kept: { deep: true },
    trail: ['one to two', 'two to three'],
  })
  expect(old).toEqual({ version: 1, kept: { deep: true } })
})

it('starts in the middle for a newer document', () => {
  expect(migrate({ version: 2, trail: [] }, 2, 3, synthetic)).toEqual({ version: 3, trail: ['two to three'] })
})

it('names a step that is missing', () => {
  expect(() => migrate({}, 3, 4, synthetic)).toThrow(/no migration from document format 3 to 4/)
})
