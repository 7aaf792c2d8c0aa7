import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyze } from '../analysis/analyze.ts'
import type { Analysis } from '../analysis/report.ts'
import { kinds } from '../layers/index.ts'
import { createDocument, parseDocument, serializeDocument } from '../network/document.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { type AnyEdit, editNames, editOf } from './fuzz-edits.ts'
import { applyCommand, type Edit, redoEdit, undoEdit } from './index.ts'

const anyEdit: fc.Arbitrary<AnyEdit> = fc
  .record({
    name: fc.constantFrom(...editNames),
    a: fc.nat(1000),
    b: fc.nat(1000),
    x: fc.integer({ min: -500, max: 500 }),
  })
  .map(({ name, ...dice }) => editOf(name, dice))

/** Everything of an analysis that a person sees, from a document that shares nothing with any analysed before. */
const fresh = (document: NetworkDocument): Analysis => analyze(parseDocument(serializeDocument(document)))
const comparable = (analysis: Analysis) => ({ ...analysis, layers: [...analysis.layers] })

function edit(random: readonly AnyEdit[]): { documents: NetworkDocument[]; edits: Edit[] } {
  const documents = [createDocument('fuzz')]
  const edits: Edit[] = []
  for (const each of random)
    each(documents.at(-1)!, (command, args) => {
      const { document, edit } = applyCommand(documents.at(-1)!, command, args)
      if (!edit) return
      edits.push(edit)
      documents.push(document)
    })
  return { documents, edits }
}

function check(random: readonly AnyEdit[]): void {
  const { documents, edits } = edit(random)
  const texts = documents.map(serializeDocument)
  documents.forEach((document, i) => {
    expect(serializeDocument(parseDocument(texts[i]!))).toBe(texts[i])
    isSound(document)
  })
  expect(parseDocument(texts.at(-1)!)).toEqual(documents.at(-1))
  let at = documents.at(-1)!
  for (let i = edits.length - 1; i >= 0; i--) {
    at = undoEdit(at, edits[i]!)
    expect(serializeDocument(at)).toBe(texts[i])
  }
  edits.forEach((each, i) => {
    at = redoEdit(at, each)
    expect(serializeDocument(at)).toBe(texts[i + 1])
  })
}

const variadic = new Set(kinds.filter((kind) => kind.inputs[0]?.variadic).map(({ kind }) => kind))

/** What no edit may break: ids and layer names are given once, ends exist, ports that take one wire have one. */
function isSound(document: NetworkDocument): void {
  const ids = [...document.layers, ...document.wires, ...document.groups, ...(document.comments ?? [])].map(
    (i) => i.id,
  )
  expect(new Set(ids).size).toBe(ids.length)
  expect(new Set(document.layers.map((l) => l.name)).size).toBe(document.layers.length)
  const merges = new Set(document.layers.filter((l) => variadic.has(l.kind)).map((l) => l.id))
  const single = document.wires.filter((w) => !merges.has(w.to.layer))
  expect(new Set(single.map((w) => w.to.layer)).size).toBe(single.length)
  const groups = new Set(document.groups.map((g) => g.id))
  for (const { group } of document.layers) if (group !== undefined) expect(groups.has(group)).toBe(true)
  for (const { parent } of document.groups) if (parent !== undefined) expect(groups.has(parent)).toBe(true)
}

const twoHundred = fc.array(anyEdit, { minLength: 200, maxLength: 200 })

/** Seeds that failed once stay, with as many runs as they took. */
describe('any sequence of 200 edits', () => {
  it.each([
    [7, 10],
    [105, 3],
  ])('undoes to the first document and redoes to the last, equal at each stop (%i)', (seed, numRuns) => {
    fc.assert(fc.property(twoHundred, check), { numRuns, seed, endOnFailure: true })
  })

  it.each([
    [11, 2],
    [103, 2],
    [105, 2],
  ])('leaves an analysis made edit by edit equal to one from scratch (%i)', (seed, numRuns) => {
    fc.assert(
      fc.property(twoHundred, (random) => {
        for (const document of edit(random).documents)
          expect(comparable(analyze(document))).toEqual(comparable(fresh(document)))
      }),
      { numRuns, seed, endOnFailure: true },
    )
  })
})
