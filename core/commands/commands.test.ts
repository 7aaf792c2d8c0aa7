import { describe, expect, it } from 'vitest'
import { createDocument } from '../network/document.ts'
import type { NetworkDocument } from '../network/schema.ts'
import {
  applyCommand,
  type Command,
  clipOf,
  commands,
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

  it('a parameter without a value is none that a file could keep', () => {
    const document = chain()
    const args = { layers: [document.layers[1]!.id], param: 'nowhere', value: undefined }
    expect(applyCommand(document, setParam, args).edit).toBeNull()
  })

  it('a duplicate of nothing changes nothing', () => {
    expect(applyCommand(chain(), duplicate, { layers: ['nope'], offset: at }).edit).toBeNull()
  })
})
