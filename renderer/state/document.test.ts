import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Command, commands, type Edit } from '../../core/commands/index.ts'
import { DocumentError, parseDocument } from '../../core/network/document.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { lenet5 } from '../../presets/lenet5.ts'
import { stand } from './stand.ts'

let store: ReturnType<typeof stand>
const slice = () => store.document
const run = <A>(command: Command<A>, args: A) => slice().run(command, args)
const place = { path: '/tmp/a.layerloom', fileName: 'a.layerloom' }

beforeEach(() => {
  vi.useRealTimers()
  store = stand()
  slice().newDocument(lenet5.build())
})

describe('the document', () => {
  it('is analysed with every edit, and selects what was added', () => {
    const c1 = slice().document.layers[1]!
    run(commands.setParam, { layers: [c1.id], param: 'filters', value: 8 })
    expect(slice().analysis.layers.get(c1.id)!.outputShape).toEqual([8, 28, 28])
    const [made] = run(commands.addLayer, { kind: 'relu', position: { x: 0, y: 0 } })
    expect(store.view.selection).toEqual([made])
    slice().undo()
    expect(store.view.selection).toEqual([])
  })

  it('undoes to the start and redoes to the end, whatever was done', () => {
    const layers = slice().document.layers.map((layer) => layer.id)
    const anyEdit = fc.record({
      layer: fc.constantFrom(...layers),
      n: fc.nat(5),
      x: fc.integer({ min: -99, max: 99 }),
    })
    fc.assert(
      fc.property(fc.array(anyEdit, { minLength: 1, maxLength: 30 }), (edits) => {
        slice().newDocument(lenet5.build())
        const first = slice().document
        for (const { layer, n, x } of edits) {
          if (n === 0) run(commands.removeAndReconnect, { layers: [layer] })
          if (n === 1) run(commands.duplicate, { layers: [layer], offset: { x, y: x } })
          if (n === 2) run(commands.moveLayers, { positions: { [layer]: { x, y: 0 } }, gesture: 'keys' })
          if (n === 3) run(commands.setParam, { layers: [layer], param: 'filters', value: x, typing: true })
          if (n === 4) slice().undo()
          if (n === 5) slice().redo()
        }
        const last = slice().document
        const forward = slice().future.length
        while (slice().past.length > 0) slice().undo()
        expect(slice().document).toEqual(first)
        expect(slice().dirty).toBe(false)
        while (slice().future.length > forward) slice().redo()
        expect(slice().document).toEqual(last)
      }),
      { numRuns: 60, seed: 3 },
    )
  })

  it('makes one step of typing in one field, and two of typing after a pause', () => {
    const c1 = slice().document.layers[1]!.id
    const type = (value: number) =>
      run(commands.setParam, { layers: [c1], param: 'filters', value, typing: true })
    const clock = vi.spyOn(performance, 'now')
    clock.mockReturnValue(1000)
    type(1)
    clock.mockReturnValue(1400)
    type(12)
    expect(slice().past).toHaveLength(1)
    clock.mockReturnValue(9000)
    type(128)
    expect(slice().past).toHaveLength(2)
    slice().undo()
    slice().undo()
    expect(slice().document.layers[1]!.params.filters).toBe(6)
    clock.mockRestore()
  })

  it('knows what is saved: edits and undo make it unsaved, going back makes it saved again', () => {
    const save = (at: Edit | undefined) => slice().markSaved(place, at)
    const c1 = slice().document.layers[1]!.id
    const set = (value: number) => run(commands.setParam, { layers: [c1], param: 'filters', value })
    set(8)
    expect(slice().dirty).toBe(true)
    save(slice().past.at(-1))
    expect(slice().dirty).toBe(false)
    set(9)
    slice().undo()
    expect(slice().dirty).toBe(false)
    slice().undo()
    expect(slice().dirty).toBe(true)
    slice().redo()
    expect(slice().dirty).toBe(false)
    expect(slice().place).toEqual(place)
  })

  it('stays unsaved where an edit came while it was being written', () => {
    const c1 = slice().document.layers[1]!.id
    run(commands.setParam, { layers: [c1], param: 'filters', value: 8 })
    const at = slice().past.at(-1)
    run(commands.setParam, { layers: [c1], param: 'bias', value: false })
    slice().markSaved(place, at)
    expect(slice().dirty).toBe(true)
  })

  it('opens what it wrote, and keeps the open document when a file is none', () => {
    const text = slice().serialize()
    slice().openText(text, place)
    expect(slice().document).toEqual(parseDocument(text))
    expect(slice().past).toEqual([])
    const before: NetworkDocument = slice().document
    expect(() => slice().openText(text.slice(0, 200), place)).toThrow(DocumentError)
    expect(slice().document).toBe(before)
  })

  it('counts a recovered document as unsaved until it is saved', () => {
    slice().recover(slice().serialize(), null)
    expect(slice().dirty).toBe(true)
    slice().markSaved(place, undefined)
    expect(slice().dirty).toBe(false)
  })
})
