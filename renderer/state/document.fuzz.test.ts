import fc from 'fast-check'
import { expect, it } from 'vitest'
import { analyze } from '../../core/analysis/analyze.ts'
import type { Analysis } from '../../core/analysis/report.ts'
import { editNames, editOf } from '../../core/commands/fuzz-edits.ts'
import { parseDocument, type serializeDocument } from '../../core/network/document.ts'
import { presetOf } from '../../presets/index.ts'
import { stand } from './stand.ts'

/**
 * What the window itself keeps of edits: steps that follow one another in one field are merged, edits of one gesture
 * are one step, and an analysis is taken over where nothing that it reads has changed.
 */

const anyAct = fc.record({
  /** An edit, or a step back or forth between edits. */
  act: fc.constantFrom<'edit' | 'undo' | 'redo' | 'together'>(
    ...(['edit', 'edit', 'edit', 'edit', 'edit', 'edit', 'together', 'undo', 'redo'] as const),
  ),
  name: fc.constantFrom(...editNames),
  a: fc.nat(1000),
  b: fc.nat(1000),
  x: fc.integer({ min: -500, max: 500 }),
})
type Act = typeof anyAct extends fc.Arbitrary<infer A> ? A : never

const comparable = (analysis: Analysis) => ({ ...analysis, layers: [...analysis.layers] })

function check(acts: readonly Act[], first: string): void {
  const store = stand()
  const slice = () => store.document
  slice().newDocument(presetOf(first)!.build())
  const before = slice().serialize()
  const edit = ({ name, ...dice }: Act) =>
    editOf(name, dice)(slice().document, (command, args) => void slice().run(command, args))
  const isSame = () => {
    const fresh = analyze(parseDocument(slice().serialize()))
    expect(comparable(slice().analysis)).toEqual(comparable(fresh))
    const there = new Set([...placed(slice().document)])
    for (const id of store.view.selection) expect(there.has(id)).toBe(true)
  }
  for (const act of acts) {
    if (act.act === 'undo') slice().undo()
    else if (act.act === 'redo') slice().redo()
    else if (act.act === 'together')
      slice().together(() => {
        edit(act)
        edit({ ...act, a: act.b, b: act.a })
      })
    else edit(act)
    isSame()
  }
  while (slice().future.length > 0) slice().redo()
  const last = slice().serialize()
  while (slice().past.length > 0) slice().undo()
  expect(slice().serialize()).toBe(before)
  isSame()
  while (slice().future.length > 0) slice().redo()
  expect(slice().serialize()).toBe(last)
  isSame()
}

const placed = ({ layers, groups, comments = [] }: Parameters<typeof serializeDocument>[0]) =>
  [...layers, ...groups, ...comments].map(({ id }) => id)

it('keeps the document and its analysis whole through 200 edits, undone and redone in between', () => {
  const acts = fc.array(anyAct, { minLength: 200, maxLength: 200 })
  fc.assert(fc.property(acts, fc.constantFrom('lenet5', 'resnet-20-cifar'), check), {
    numRuns: 3,
    seed: 5,
    endOnFailure: true,
  })
})
