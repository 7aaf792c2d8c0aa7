import { expect, it } from 'vitest'
import { analyze } from '../../core/analysis/analyze.ts'
import { presetOf } from '../../presets/index.ts'
import { csvOf } from './csv.ts'
import { rowsOf } from './rows.ts'

it('writes a line a layer, exact, in the order shown', () => {
  const analysis = analyze(presetOf('lenet5')!.build())
  const lines = csvOf(rowsOf(analysis, { column: 'parameters', descending: true })).split('\r\n')
  expect(lines[0]).toBe(
    '\uFEFFname,kind,output,trainable,not_trainable,macs,connections,activation_bytes,receptive_field,stride',
  )
  expect(lines[1]).toBe('c5,conv2d,120x1x1,48120,0,48000,48120,480,32x32,4x4')
  expect(lines).toHaveLength(analysis.layers.size + 2)
  expect(lines.at(-1)).toBe('')
})

it('keeps names whole, and no name becomes a formula', () => {
  const [report] = analyze(presetOf('lenet5')!.build()).layers.values()
  const named = (name: string) => csvOf([{ ...report!, name }]).split('\r\n')[1]!
  expect(named('합성곱, "첫째"')).toMatch(/^"합성곱, ""첫째""",input/)
  expect(named('=1+1')).toMatch(/^'=1\+1,/)
})
