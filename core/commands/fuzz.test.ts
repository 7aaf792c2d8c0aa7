import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyze } from '../analysis/analyze.ts'
import type { Analysis } from '../analysis/report.ts'
import { kinds } from '../layers/index.ts'
import { createDocument, parseDocument, serializeDocument } from '../network/document.ts'
import type { NetworkDocument } from '../network/schema.ts'
import {
  type Applied,
  applyCommand,
  type Command,
  clipOf,
  commands,
  type Edit,
  redoEdit,
  undoEdit,
} from './index.ts'

type Step = (document: NetworkDocument) => Applied
const pick = <T>(items: readonly T[], n: number): T | undefined => items[n % Math.max(1, items.length)]
const bind =
  <A>(command: Command<A>, args: (document: NetworkDocument) => A): Step =>
  (document) =>
    applyCommand(document, command, args(document))

interface Dice {
  readonly a: number
  readonly b: number
  readonly x: number
}

/** Each command with arguments that mostly, not always, name what exists. */
const steps: { readonly [K in keyof typeof commands]: (dice: Dice) => Step } = {
  addComment: ({ x, a }) =>
    bind(commands.addComment, () => ({ text: `note ${a}`, position: { x, y: a }, width: 200, height: a })),
  addLayer: ({ a, b, x }) =>
    bind(commands.addLayer, (d) => ({
      kind: pick(kinds, a)!.kind,
      position: { x, y: x / 2 },
      ...(b % 2 && d.layers.length && { from: { layer: layerOf(d, a), port: 'out' } }),
      ...(b % 3 === 0 && d.groups.length && { group: groupOf(d, a) }),
    })),
  applyRemedy: ({ a, b }) =>
    bind(commands.applyRemedy, (d) => {
      const [layer, other, kind] = [layerOf(d, a), layerOf(d, b), pick(kinds, a)!.kind]
      const splices = [
        { take: [layer], put: [{ kind }, { kind: 'relu' }] },
        { take: [layer, other], put: [] },
        { take: [], before: layer, put: [{ kind: 'relu' }] },
        { take: [], behind: layer, put: [{ kind: 'batchnorm' }, { kind: 'relu' }] },
      ]
      const set = [{ layer: other, params: { filters: b } }]
      return { remedy: { label: { en: '', ko: '' }, splices: [splices[b % 4]!], set, batch: 32 } }
    }),
  arrange: ({ x, b }) =>
    bind(commands.arrange, (d) => ({
      places: { [layerOf(d, b)]: { x, y: 3 }, [groupOf(d, b)]: { x: 4, y: x } },
    })),
  connect: ({ a, b }) =>
    bind(commands.connect, (d) => ({
      from: { layer: layerOf(d, a), port: 'out' },
      to: { layer: layerOf(d, b), port: 'in' },
    })),
  connectBlock: ({ a, b }) =>
    bind(commands.connectBlock, (d) => ({ from: layerOf(d, a), group: groupOf(d, b) })),
  disconnect: ({ a }) => bind(commands.disconnect, (d) => ({ wires: [wireOf(d, a)] })),
  dissolveBlocks: ({ a }) =>
    bind(commands.dissolveBlocks, (d) => ({
      groups: [groupOf(d, a)],
      positions: { [layerOf(d, a)]: { x: 1, y: 2 } },
    })),
  duplicate: ({ a, b, x }) =>
    bind(commands.duplicate, (d) => ({
      layers: d.layers.length > 60 ? [layerOf(d, a)] : [layerOf(d, a), groupOf(d, b)],
      offset: { x, y: x },
    })),
  editComment: ({ a, b }) =>
    bind(commands.editComment, (d) => ({
      comment: pick(d.comments ?? [], a)?.id ?? 'c0',
      text: `${b}`,
      width: b,
    })),
  exposeParam: ({ a, b }) =>
    bind(commands.exposeParam, (d) => ({
      group: groupOf(d, a),
      layer: layerOf(d, b),
      param: 'filters',
      exposed: b % 3 > 0,
    })),
  insertOnWire: ({ a, b, x }) =>
    bind(commands.insertOnWire, (d) => ({
      wire: wireOf(d, a),
      position: { x, y: x },
      ...(b % 2 ? { kind: pick(kinds, a)!.kind } : { layer: layerOf(d, b) }),
    })),
  makeBlock: ({ a, b, x }) =>
    bind(commands.makeBlock, (d) => ({
      ids: [layerOf(d, a), layerOf(d, b), groupOf(d, b)],
      name: b % 3 ? `block${b}` : '',
      position: { x, y: 0 },
    })),
  moveLayers: ({ a, x }) =>
    bind(commands.moveLayers, (d) => ({
      positions: { [layerOf(d, a)]: { x, y: x }, [groupOf(d, a)]: { x, y: 1 } },
    })),
  paste:
    ({ a, b, x }) =>
    (d) => {
      const clip = clipOf(d, [layerOf(d, a), d.layers.length > 60 ? 'g0' : groupOf(d, b)])
      if (!clip) return { document: d, edit: null, select: undefined }
      return applyCommand(d, commands.paste, {
        clip: structuredClone(clip),
        offset: { x, y: x },
        keepInputs: b % 2 === 0,
        ...(b % 3 === 0 && d.groups.length > 0 && { group: groupOf(d, a) }),
      })
    },
  reconnect: ({ a, b, x }) =>
    bind(commands.reconnect, (d) => ({
      wire: wireOf(d, a),
      from: { layer: layerOf(d, b), port: 'out' },
      to: { layer: layerOf(d, Math.abs(x)), port: 'in' },
    })),
  removeAndReconnect: ({ a, b }) =>
    bind(commands.removeAndReconnect, (d) => ({ layers: [b % 4 ? layerOf(d, a) : groupOf(d, a)] })),
  removeLayers: ({ a, b }) =>
    bind(commands.removeLayers, (d) => ({
      layers: [b % 4 ? layerOf(d, a) : groupOf(d, a), pick(d.comments ?? [], b)?.id ?? 'c0'],
      wires: [wireOf(d, b)],
    })),
  renameBlock: ({ a, b }) =>
    bind(commands.renameBlock, (d) => ({ group: groupOf(d, a), name: b % 3 ? `stage${b % 9}` : ' ' })),
  renameLayer: ({ a, b }) =>
    bind(commands.renameLayer, (d) => ({ layer: layerOf(d, a), name: b % 3 ? `name${b % 9}` : '' })),
  renameNetwork: ({ b }) => bind(commands.renameNetwork, () => ({ name: `net${b % 5}` })),
  repeatBlock: ({ a, b, x }) =>
    bind(commands.repeatBlock, (d) => ({
      group: groupOf(d, a),
      times: d.layers.length > 60 ? 1 : b % 4,
      step: { x, y: 0 },
    })),
  setBypassed: ({ a, b }) =>
    bind(commands.setBypassed, (d) => ({ ids: [layerOf(d, a), groupOf(d, b)], bypassed: b % 3 > 0 })),
  setCollapsed: ({ a, b }) =>
    bind(commands.setCollapsed, (d) => ({ layers: [layerOf(d, a)], collapsed: b % 2 > 0 })),
  setParam: ({ a, b }) =>
    bind(commands.setParam, (d) => ({
      layers: [layerOf(d, a), layerOf(d, b)],
      param: 'filters',
      value: b,
      typing: true,
    })),
  setRecipe: ({ b }) =>
    bind(commands.setRecipe, () => ({
      recipe: { optimizer: 'adam', learningRate: 0.001, batch: 1 + b, epochs: 3 },
    })),
}

const layerOf = (d: NetworkDocument, n: number) => pick(d.layers, n)?.id ?? 'l0'
const groupOf = (d: NetworkDocument, n: number) => pick(d.groups, n)?.id ?? 'g0'
const wireOf = (d: NetworkDocument, n: number) => pick(d.wires, n)?.id ?? 'w0'

const names = Object.keys(steps) as (keyof typeof steps)[]
/** Things are added oftener than taken away, so that there is something to work on. */
const growing = ['addLayer', 'addLayer', 'addLayer', 'connect', 'connect', 'makeBlock'] as const
const anyStep: fc.Arbitrary<Step> = fc
  .record({
    name: fc.constantFrom(...names, ...growing),
    a: fc.nat(1000),
    b: fc.nat(1000),
    x: fc.integer({ min: -500, max: 500 }),
  })
  .map(({ name, ...dice }) => steps[name](dice))

/** Everything of an analysis that a person sees, from a document that shares nothing with any analysed before. */
const fresh = (document: NetworkDocument): Analysis => analyze(parseDocument(serializeDocument(document)))
const comparable = (analysis: Analysis) => ({ ...analysis, layers: [...analysis.layers] })

function edit(random: readonly Step[]): { documents: NetworkDocument[]; edits: Edit[] } {
  const documents = [createDocument('fuzz')]
  const edits: Edit[] = []
  for (const step of random) {
    const { document, edit } = step(documents.at(-1)!)
    if (!edit) continue
    edits.push(edit)
    documents.push(document)
  }
  return { documents, edits }
}

function check(random: readonly Step[]): void {
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

describe('any sequence of 200 edits', () => {
  it('undoes to the first document and redoes to the last, equal at each stop', () => {
    fc.assert(fc.property(fc.array(anyStep, { minLength: 200, maxLength: 200 }), check), {
      numRuns: 12,
      seed: 7,
      endOnFailure: true,
    })
  })

  it('leaves an analysis made edit by edit equal to one from scratch', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 200, maxLength: 200 }), (random) => {
        for (const document of edit(random).documents)
          expect(comparable(analyze(document))).toEqual(comparable(fresh(document)))
      }),
      { numRuns: 2, seed: 11, endOnFailure: true },
    )
  })
})
