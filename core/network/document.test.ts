import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDocument, DocumentError, parseDocument, serializeDocument } from './document.ts'
import type { NetworkDocument } from './schema.ts'

const layer = (id: string, extra: object = {}) => ({
  id,
  kind: 'relu',
  kindVersion: 1,
  name: id,
  params: {},
  position: { x: 0, y: 0 },
  ...extra,
})
const wire = (id: string, from: string, to: string) => ({
  id,
  from: { layer: from, port: 'out' },
  to: { layer: to, port: 'in' },
})
const write = (change: object) => JSON.stringify({ ...createDocument('test'), ...change })

function errorOf(source: string): DocumentError {
  try {
    parseDocument(source)
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentError)
    return error as DocumentError
  }
  throw new Error('the document was accepted')
}

/** JSON values as a file holds them: no -0, which JSON can't write. */
const jsonValue = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown)
const fields = (taken: readonly string[]) =>
  fc.dictionary(
    fc.string().filter((key) => !taken.includes(key)),
    jsonValue,
    { maxKeys: 3 },
  )
const coordinate = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0)

const anyDocument: fc.Arbitrary<NetworkDocument> = fc
  .tuple(
    fc.array(
      fc.record({
        kind: fc.constantFrom('conv2d', 'relu', 'warp-drive'),
        kindVersion: fc.integer({ min: 1, max: 9 }),
        name: fc.string({ minLength: 1, maxLength: 20 }),
        params: fields([]),
        x: coordinate,
        y: coordinate,
        extra: fields(['id', 'kind', 'kindVersion', 'name', 'params', 'position', 'group']),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fields(['id', 'from', 'to'])), { maxLength: 5 }),
    fields(['format', 'version', 'name', 'nextId', 'preset', 'layers', 'wires', 'groups', 'recipe']),
  )
  .map(([layers, wires, extra]) => ({
    ...extra,
    ...createDocument('fuzz'),
    layers: layers.map(({ x, y, extra: more, ...rest }, i) => ({
      ...more,
      ...rest,
      id: `l${i}`,
      position: { x, y },
    })),
    wires: wires.map(([from, to, more], i) => ({
      ...more,
      ...wire(`w${i}`, `l${from % layers.length}`, `l${to % layers.length}`),
    })),
    groups: [{ id: 'g1', name: 'block', note: 'kept' }],
  }))

describe('documents', () => {
  it('come back equal from their text, unknown fields and kinds included', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(parseDocument(serializeDocument(document))).toEqual(document)
      }),
      { numRuns: 200 },
    )
  })

  it('give the same bytes whatever the order of their keys', () => {
    const document = parseDocument(write({ layers: [layer('l1', { zeta: 1, alpha: [2] })] }))
    const [first] = document.layers
    const turned = {
      ...Object.fromEntries(Object.entries(document).reverse()),
      layers: [Object.fromEntries(Object.entries(first!).reverse())],
    } as unknown as NetworkDocument
    expect(serializeDocument(turned)).toBe(serializeDocument(document))
    expect(Object.keys(JSON.parse(serializeDocument(turned)))[0]).toBe('format')
  })

  it('keep a field that is called __proto__', () => {
    const source = serializeDocument(createDocument('x')).replace(
      '"groups"',
      '"__proto__": {"a": 1}, "groups"',
    )
    expect(serializeDocument(parseDocument(source))).toContain('"__proto__"')
  })

  it('open with a byte order mark', () => {
    expect(parseDocument(`\uFEFF${write({})}`).name).toBe('test')
  })
})

describe('a file that is no readable network', () => {
  const cases: [string, string, string, RegExp][] = [
    ['is cut off', write({}).slice(0, 40), 'not-json', /not valid JSON/],
    ['is empty', '', 'not-json', /not valid JSON/],
    ['is other JSON', '[1, 2]', 'not-a-network', /"format" should be "layerloom"/],
    ['is null', 'null', 'not-a-network', /"format"/],
    ['has no version', write({ version: undefined }), 'wrong-schema', /at version/],
    ['has version 0', write({ version: 0 }), 'wrong-schema', /at version/],
    [
      'is from the future',
      write({ version: 7 }),
      'newer-version',
      /newer version of Layerloom: format 7; this one reads up to 1/,
    ],
    [
      'has a wrong type deep inside',
      write({ layers: [layer('l1'), layer('l2', { position: { x: 'left', y: 0 } })] }),
      'wrong-schema',
      /at layers\[1\]\.position\.x/,
    ],
    ['has no layers', write({ layers: undefined }), 'wrong-schema', /at layers/],
    [
      'has one layer id twice',
      write({ layers: [layer('l1'), layer('l1')] }),
      'duplicate-id',
      /"l1" stands twice/,
    ],
    [
      'has a wire to nowhere',
      write({ layers: [layer('l1')], wires: [wire('w1', 'l1', 'l9')] }),
      'dangling-wire',
      /wire "w1" leads to layer "l9"/,
    ],
  ]
  it.each(cases)('%s: one line in both languages', (_what, source, code, message) => {
    const error = errorOf(source)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
    expect(error.text.en).toBe(error.message)
    for (const sentence of Object.values(error.text)) expect(sentence).not.toMatch(/\n/)
    expect(error.text.ko).toMatch(/[가-힣]/)
  })

  it('with any bytes at all gives a DocumentError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (source) => {
        expect(errorOf(source)).toBeInstanceOf(DocumentError)
      }),
    )
  })
})
