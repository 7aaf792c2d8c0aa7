import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kinds } from '../layers/index.ts'
import { createDocument, parseDocument, serializeDocument } from '../network/document.ts'
import type { NetworkDocument } from '../network/schema.ts'
import {
  applyCommand,
  type Command,
  clipOf,
  commands,
  type Edit,
  mergeEdits,
  parseClip,
  redoEdit,
  undoEdit,
} from './index.ts'

const { addLayer, connect, duplicate, insertOnWire, paste, removeAndReconnect, removeLayers, setParam } =
  commands

function build(...steps: ((document: NetworkDocument) => NetworkDocument)[]): NetworkDocument {
  return steps.reduce((document, step) => step(document), createDocument('test'))
}
const run =
  <A>(command: Command<A>, args: A) =>
  (document: NetworkDocument) =>
    applyCommand(document, command, args).document
const at = { x: 0, y: 0 }
const wiresOf = (document: NetworkDocument) =>
  document.wires.map((w) => `${w.from.layer}>${w.to.layer}.${w.to.port}`)

/** input l1 -> conv l2 -> relu l4 */
const chain = () =>
  build(
    run(addLayer, { kind: 'input', position: at }),
    run(addLayer, { kind: 'conv2d', position: at, from: { layer: 'l1', port: 'out' } }),
    run(addLayer, { kind: 'relu', position: at, from: { layer: 'l2', port: 'out' } }),
  )

describe('commands', () => {
  it('connect to the layer they add, and give every parameter its default', () => {
    const document = chain()
    const [input, conv, relu] = document.layers
    expect(wiresOf(document)).toEqual([`${input!.id}>${conv!.id}.in`, `${conv!.id}>${relu!.id}.in`])
    expect(conv!.params).toMatchObject({ filters: 32, kernel: [3, 3], bias: true })
    expect(conv!.name).toBe('conv2d')
  })

  it('remove and reconnect keeps the chain in one piece', () => {
    const document = chain()
    const [input, conv, relu] = document.layers.map((l) => l.id)
    expect(wiresOf(run(removeAndReconnect, { layers: [conv!] })(document))).toEqual([`${input}>${relu}.in`])
    expect(wiresOf(run(removeLayers, { layers: [conv!] })(document))).toEqual([])
  })

  it('an input that takes one wire gives up the one it has; a merge keeps all', () => {
    const document = build(chain, run(addLayer, { kind: 'add', position: at }))
    const [input, conv, relu, add] = document.layers.map((l) => l.id) as [string, string, string, string]
    const wired = [
      run(connect, { from: { layer: input, port: 'out' }, to: { layer: relu, port: 'in' } }),
      run(connect, { from: { layer: input, port: 'out' }, to: { layer: add, port: 'in' } }),
      run(connect, { from: { layer: conv, port: 'out' }, to: { layer: add, port: 'in' } }),
    ].reduce((d, step) => step(d), document)
    expect(wiresOf(wired)).toEqual([
      `${input}>${conv}.in`,
      `${input}>${relu}.in`,
      `${input}>${add}.in`,
      `${conv}>${add}.in`,
    ])
  })

  it('a layer inserted on a wire stands between its ends', () => {
    const document = chain()
    const [, conv, relu] = document.layers.map((l) => l.id)
    const next = run(insertOnWire, { wire: document.wires[1]!.id, kind: 'dropout', position: at })(document)
    const dropout = next.layers[3]!.id
    expect(new Set(wiresOf(next).slice(1))).toEqual(
      new Set([`${dropout}>${relu}.in`, `${conv}>${dropout}.in`]),
    )
  })

  it('copies get new ids and names, keep the wires among them, and outer inputs when asked', () => {
    const document = chain()
    const [input, conv, relu] = document.layers.map((l) => l.id) as [string, string, string]
    const clip = parseClip(JSON.stringify(clipOf(document, [conv, relu])))!
    const plain = run(paste, { clip, offset: { x: 40, y: 40 } })(document)
    expect(plain.layers.slice(3).map((l) => l.name)).toEqual(
      ['conv2', 'relu2'].map((n) => (n === 'conv2' ? 'conv2d2' : n)),
    )
    const [conv2, relu2] = plain.layers.slice(3).map((l) => l.id)
    expect(wiresOf(plain).slice(2)).toEqual([`${conv2}>${relu2}.in`])
    const kept = run(paste, { clip, offset: { x: 40, y: 40 }, keepInputs: true })(document)
    expect(wiresOf(kept).slice(2)).toContain(`${input}>${kept.layers[3]!.id}.in`)
    expect(parseClip('{"format":"something"}')).toBeNull()
  })

  it('edits of one field merge; what they merge to undoes and redoes as one', () => {
    const document = chain()
    const args = (value: number) => ({
      layers: [document.layers[1]!.id],
      param: 'filters',
      value,
      typing: true,
    })
    const one = applyCommand(document, setParam, args(6))
    const two = applyCommand(one.document, setParam, args(64))
    expect(one.edit!.mergeKey).toBe(two.edit!.mergeKey)
    const both = mergeEdits(one.edit!, two.edit!)
    expect(undoEdit(two.document, both)).toEqual(document)
    expect(redoEdit(document, both)).toEqual(two.document)
  })

  it('a duplicate of nothing changes nothing', () => {
    expect(applyCommand(chain(), duplicate, { layers: ['nope'], offset: at }).edit).toBeNull()
  })
})

describe('any sequence of commands', () => {
  it('undoes to the first document and redoes to the last, and every state can be saved and read', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 1, maxLength: 40 }), (steps) => {
        const first = createDocument('fuzz')
        let document = first
        const edits: Edit[] = []
        for (const step of steps) {
          const applied = step(document)
          if (applied.edit) edits.push(applied.edit)
          document = applied.document
          expect(parseDocument(serializeDocument(document))).toEqual(document)
        }
        let back = document
        for (const edit of edits.toReversed()) back = undoEdit(back, edit)
        expect(back).toEqual(first)
        for (const edit of edits) back = redoEdit(back, edit)
        expect(back).toEqual(document)
      }),
      { numRuns: 150, seed: 7 },
    )
  })

  it('never connects an input that takes one wire twice, and never gives an id again', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        const document = steps.reduce((d, step) => step(d).document, createDocument('fuzz'))
        const ids = [...document.layers, ...document.wires].map((item) => item.id)
        expect(new Set(ids).size).toBe(ids.length)
        const single = document.wires.filter(
          (w) =>
            document.layers.find((l) => l.id === w.to.layer)!.kind !== 'add' &&
            document.layers.find((l) => l.id === w.to.layer)!.kind !== 'concat',
        )
        expect(new Set(single.map((w) => w.to.layer)).size).toBe(single.length)
        expect(new Set(document.layers.map((l) => l.name)).size).toBe(document.layers.length)
      }),
      { numRuns: 150, seed: 11 },
    )
  })
})

type Step = (document: NetworkDocument) => ReturnType<typeof applyCommand>
const pick = <T>(items: readonly T[], n: number): T | undefined => items[n % Math.max(1, items.length)]

/** A command with arguments that mostly, not always, name layers and wires that exist. */
const anyStep: fc.Arbitrary<Step> = fc
  .record({
    name: fc.constantFrom(...(Object.keys(commands) as (keyof typeof commands)[])),
    a: fc.nat(1000),
    b: fc.nat(1000),
    x: fc.integer({ min: -500, max: 500 }),
  })
  .map(({ name, a, b, x }) => (document) => {
    const layer = pick(document.layers, a)?.id ?? 'l0'
    const other = pick(document.layers, b)?.id ?? 'l0'
    const wire = pick(document.wires, a)?.id ?? 'w0'
    const ends = { from: { layer, port: 'out' }, to: { layer: other, port: 'in' } }
    const position = { x, y: x / 2 }
    const kind = pick(kinds, a)!.kind
    const clip = clipOf(document, [layer, other]) ?? {
      format: 'layerloom-layers' as const,
      layers: [],
      wires: [],
    }
    const run = <A>(command: Command<A>, args: A) => applyCommand(document, command, args)
    switch (name) {
      case 'addLayer':
        return run(
          commands.addLayer,
          b % 2 && document.layers.length ? { kind, position, from: ends.from } : { kind, position },
        )
      case 'applyRemedy':
        return run(commands.applyRemedy, {
          remedy: {
            label: { en: '', ko: '' },
            splices: [
              [
                { take: [layer], put: [{ kind }, { kind: 'relu' }] },
                { take: [layer, other], put: [] },
                { take: [], before: layer, put: [{ kind: 'relu' }] },
                { take: [], behind: layer, put: [{ kind: 'batchnorm' }, { kind: 'relu' }] },
              ][b % 4]!,
            ],
            set: [{ layer: other, params: { filters: b } }],
            batch: 32,
          },
        })
      case 'arrange':
        return run(commands.arrange, { layers: document.layers.map((l) => l.id), sizes: {}, rowWidth: 900 })
      case 'connect':
        return run(commands.connect, ends)
      case 'disconnect':
        return run(commands.disconnect, { wires: [wire] })
      case 'duplicate':
        return run(commands.duplicate, { layers: [layer, other], offset: position })
      case 'insertOnWire':
        return run(commands.insertOnWire, b % 2 ? { wire, kind, position } : { wire, layer: other, position })
      case 'moveLayers':
        return run(commands.moveLayers, { positions: { [layer]: position } })
      case 'paste':
        return run(commands.paste, { clip: structuredClone(clip), offset: position, keepInputs: b % 2 === 0 })
      case 'reconnect':
        return run(commands.reconnect, { wire, ...ends })
      case 'removeAndReconnect':
        return run(commands.removeAndReconnect, { layers: [layer] })
      case 'removeLayers':
        return run(commands.removeLayers, { layers: [layer], wires: [wire] })
      case 'renameLayer':
        return run(commands.renameLayer, { layer, name: b % 3 ? `name${b % 9}` : '' })
      case 'renameNetwork':
        return run(commands.renameNetwork, { name: `net${b % 5}` })
      case 'setParam':
        return run(commands.setParam, { layers: [layer, other], param: 'filters', value: b, typing: true })
      case 'setRecipe':
        return run(commands.setRecipe, {
          recipe: { optimizer: 'adam', learningRate: 0.001, batch: 1 + b, epochs: 3 },
        })
    }
  })
