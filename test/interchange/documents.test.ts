import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { analyze } from '../../core/analysis/index.ts'
import { layoutOf } from '../../core/engine/layout.ts'
import { parseDocument, serializeDocument } from '../../core/network/document.ts'
import { FORMAT_VERSION } from '../../core/network/schema.ts'

/**
 * Documents as they were written by each version of the format, this one's among them: they are never written anew.
 * Whoever raises FORMAT_VERSION adds a file of the new version and leaves these as they are.
 */
const folder = join(import.meta.dirname, 'data', 'documents')
const read = (version: number) => readFileSync(join(folder, `version-${version}.layerloom`), 'utf8')
const versions = Array.from({ length: FORMAT_VERSION }, (_, i) => i + 1)

test('there is a document of every version of the format', () => {
  expect(readdirSync(folder).toSorted()).toEqual(versions.map((version) => `version-${version}.layerloom`))
})

test.each(versions)('a document of version %i opens as the network that it was', (version) => {
  const text = read(version)
  expect(JSON.parse(text)).toMatchObject({ version })
  const document = parseDocument(text)
  expect(document.version).toBe(FORMAT_VERSION)
  const { totals, issues, output } = analyze(document)
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([])
  // counted by hand when it was written: two convolutions of 8 filters, their norms, a dense layer for 10 classes
  expect({ trainable: totals.trainable, output }).toEqual({
    trainable: 8 * 9 + 16 + (8 * 8 * 9 + 16) + (10 * 8 + 10),
    output: [10],
  })
  expect(layoutOf(document).slots.map(({ name }) => name)).toContain('unit-conv2.weight')
  expect(document.groups.map(({ name }) => name)).toEqual(['unit'])
  expect(document.recipe).toMatchObject({ optimizer: 'sgd', epochs: 3 })
  expect(parseDocument(serializeDocument(document))).toEqual(document)
})
