import { describe, expect, it } from 'vitest'
import { analyze } from '../analysis/analyze.ts'
import type { Layer, NetworkDocument } from '../network/schema.ts'
import { bypass } from './bypass.ts'

const layer = (id: string, kind: string, params: Record<string, unknown> = {}, group?: string): Layer => ({
  id,
  kind,
  kindVersion: 1,
  name: `${kind}-${id}`,
  params,
  position: { x: 0, y: 0 },
  ...(group ? { group } : {}),
})
const wires = (...pairs: [string, string][]): NetworkDocument['wires'] =>
  pairs.map(([from, to], i) => ({
    id: `w${i}`,
    from: { layer: from, port: 'out' },
    to: { layer: to, port: 'in' },
  }))

/** input, conv, a residual block (conv and relu beside a shortcut) inside an outer block, flatten, dense. */
const residual: NetworkDocument = {
  format: 'layerloom',
  version: 1,
  name: 'residual',
  nextId: 100,
  layers: [
    layer('a', 'input', { shape: [1, 8, 8] }),
    layer('b', 'conv2d', { filters: 4, kernel: [3, 3], padding: 'same' }),
    layer('c', 'conv2d', { filters: 4, kernel: [3, 3], padding: 'same' }, 'inner'),
    layer('d', 'relu', {}, 'inner'),
    layer('e', 'add', {}, 'outer'),
    layer('f', 'flatten'),
    layer('g', 'dense', { units: 3 }),
  ],
  wires: wires(['a', 'b'], ['b', 'c'], ['c', 'd'], ['d', 'e'], ['b', 'e'], ['e', 'f'], ['f', 'g']),
  groups: [
    { id: 'inner', name: 'branch', parent: 'outer' },
    { id: 'outer', name: 'block' },
  ],
}

describe('bypass', () => {
  it('takes out a residual block with everything inside it', () => {
    expect(analyze(residual).issues.filter((issue) => issue.severity === 'error')).toEqual([])
    const rest = bypass(residual, ['outer'])
    expect(rest.layers.map(({ id }) => id)).toEqual(['a', 'b', 'f', 'g'])
    expect(rest.wires.map(({ from, to }) => `${from.layer}${to.layer}`)).toEqual(['ab', 'bf', 'fg'])
    expect(analyze(rest).output).toEqual([3])
  })

  it('takes out single layers, by id or name', () => {
    expect(bypass(residual, ['d', 'conv2d-c']).layers.map(({ id }) => id)).toEqual(['a', 'b', 'e', 'f', 'g'])
  })

  it('refuses what would not compute any more', () => {
    expect(() => bypass(residual, ['b'])).toThrow("b can't be bypassed: it makes 4x8x8 of 1x8x8")
    expect(() => bypass(residual, ['e'])).toThrow("e can't be bypassed: it needs one input and one output")
    expect(() => bypass(residual, ['a'])).toThrow("a can't be bypassed")
    expect(() => bypass(residual, ['zz'])).toThrow('there is no layer or block zz')
  })
})
