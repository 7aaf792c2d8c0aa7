import { describe, expect, it } from 'vitest'
import { analyze } from '../../core/analysis/analyze.ts'
import { presetOf } from '../../presets/index.ts'
import { type Column, differences, rowsOf } from './rows.ts'

const document = presetOf('lenet5')!.build()
const analysis = analyze(document)
const names = (sort: Parameters<typeof rowsOf>[1]) => rowsOf(analysis, sort).map((r) => r.name)

describe('rows', () => {
  it('stand in the order of the network until sorted', () => {
    expect(names(null)[0]).toBe('input')
    expect(names(null).at(-1)).toBe('output')
    expect(names(null)).toHaveLength(document.layers.length)
  })

  it('sort by any column, both ways', () => {
    expect(names({ column: 'parameters', descending: true })[0]).toBe('c5')
    expect(names({ column: 'macs', descending: true })[0]).toBe('c3')
    const columns: Column[] = ['output', 'parameters', 'macs', 'activations', 'field']
    for (const column of columns) {
      const value = (name: string) => [...analysis.layers.values()].find((r) => r.name === name)!
      const up = names({ column, descending: false }).map(value)
      const down = names({ column, descending: true }).map(value)
      const field = { parameters: 'trainable', macs: 'macs', activations: 'activationBytes' }[
        column as string
      ]
      if (field === 'macs' || field === 'activationBytes') {
        expect(up.map((r) => r[field])).toEqual(down.map((r) => r[field]).reverse())
      }
      expect(new Set(up).size).toBe(document.layers.length)
    }
    expect(names({ column: 'layer', descending: false })[0]).toBe('c1')
  })

  it('still list layers that lie in a cycle', () => {
    const cut = { ...analysis, order: analysis.order.slice(0, 3) }
    expect(rowsOf(cut, null)).toHaveLength(document.layers.length)
  })
})

it('knows when a network no longer has the figures of its paper', () => {
  const figures = presetOf('lenet5')!.figures
  expect(differences(analysis, figures)).toEqual([])
  const without = { ...document, layers: document.layers.filter((l) => l.name !== 'f6') }
  expect(differences(analyze(without), figures)).toContain('trainable')
})
