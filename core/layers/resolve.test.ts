import { describe, expect, it } from 'vitest'
import type { Layer } from '../network/schema.ts'
import { conv2d } from './conv2d.ts'
import { kindOf, resolveLayer, resolveParams, upgradeLayer } from './index.ts'
import { input } from './input.ts'
import { partialConv2d } from './partial-conv2d.ts'
import { scaledTanh } from './scaled-tanh.ts'
import { upgradeParams } from './upgrade.ts'

const layer = (kind: string, extra: Partial<Layer> = {}): Layer => ({
  id: 'l1',
  kind,
  kindVersion: 1,
  name: 'it',
  params: {},
  position: { x: 0, y: 0 },
  ...extra,
})

describe('resolveParams', () => {
  it('fills in defaults and keeps what was given', () => {
    const { params, issues } = resolveParams(conv2d, { filters: 6, padding: 'valid' })
    expect(params).toMatchObject({ filters: 6, padding: 'valid', kernel: [3, 3], groups: 1, bias: true })
    expect(issues).toEqual([])
  })

  const bad: [string, unknown, RegExp][] = [
    ['filters', 0, /Filters must be a whole number from 1 to 65536; it is 0\./],
    ['filters', 2.5, /it is 2\.5/],
    ['filters', Number.NaN, /it is NaN/],
    ['filters', '6', /it is "6"/],
    ['filters', null, /it is null/],
    ['kernel', [3], /Kernel must be 2 values \(H, W\), each a whole number from 1 to 512; it is \[3\]/],
    ['kernel', [3, 0], /it is \[3,0\]/],
    ['padding', 'mirror', /Padding must be one of same, valid, explicit; it is "mirror"/],
    ['bias', 1, /Bias must be true or false/],
  ]
  it.each(bad)('%s = %j: an error that names the parameter, and its default', (param, value, message) => {
    const { params, issues } = resolveParams(conv2d, { [param]: value })
    expect(issues).toMatchObject([{ severity: 'error', code: 'bad-param', param }])
    expect(issues[0]!.message.en).toMatch(message)
    expect(issues[0]!.message.ko).toMatch(/[가-힣]/)
    expect(params[param as 'filters']).toEqual(conv2d.params[param as 'filters'].default)
  })

  it("takes lists of axes of each of a parameter's lengths", () => {
    for (const shape of [
      [1, 9],
      [3, 8, 8],
      [3, 4, 8, 8],
    ])
      expect(resolveParams(input, { shape })).toMatchObject({ params: { shape }, issues: [] })
    const [issue] = resolveParams(input, { shape: [9] }).issues
    expect(issue!.message.en).toMatch(
      /3 values \(C, H, W\) or 2 values \(C, L\) or 4 values \(C, D, H, W\), each a whole number/,
    )
  })

  it.each([[[]], [[[]]], [[[true], [true, false]]], [[[1, 0]]], ['x']])('refuses %j as a table', (table) => {
    expect(resolveParams(partialConv2d, { table }).issues).toMatchObject([
      { code: 'bad-param', param: 'table' },
    ])
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('refuses %d as a number', (slope) => {
    expect(resolveParams(scaledTanh, { slope }).issues).toHaveLength(1)
  })

  it('warns of a name the kind does not have', () => {
    const { issues } = resolveParams(conv2d, { filter: 6 })
    expect(issues).toMatchObject([{ severity: 'warning', code: 'unknown-param', param: 'filter' }])
    expect(issues[0]!.fix!.en).toMatch(/filters, kernel/)
  })

  it('never takes a value from the prototype', () => {
    expect(resolveParams(conv2d, Object.create({ filters: 6 })).params.filters).toBe(32)
  })
})

describe('resolveLayer', () => {
  it('says that a kind is unknown, and keeps the layer', () => {
    const resolved = resolveLayer(layer('warp-drive', { params: { speed: 9 } }))
    expect(resolved.kind).toBeNull()
    expect(resolved.issues).toMatchObject([{ severity: 'error', code: 'unknown-kind' }])
    expect(resolved.issues[0]!.message.en).toMatch(/"warp-drive"/)
  })

  it('says that a layer is from a newer version', () => {
    const resolved = resolveLayer(layer('conv2d', { kindVersion: 3 }))
    expect(resolved.kind).toBeNull()
    expect(resolved.issues).toMatchObject([{ severity: 'error', code: 'newer-kind' }])
    expect(upgradeLayer(layer('conv2d', { kindVersion: 3 })).kindVersion).toBe(3)
  })

  it('gives the kind and its parameters', () => {
    const resolved = resolveLayer(layer('conv2d', { params: { filters: 4 } }))
    expect(resolved.kind).toBe(kindOf('conv2d'))
    expect(resolved.params.filters).toBe(4)
  })
})

describe('upgradeParams', () => {
  const kind = {
    kind: 'synthetic',
    version: 3,
    migrations: {
      1: ({ size, ...rest }: Record<string, unknown>) => ({ ...rest, kernel: [size, size] }),
      2: (params: Record<string, unknown>) => ({ ...params, stride: [1, 1] }),
    },
  }
  it('runs every step in order', () => {
    expect(upgradeParams(kind, 1, { size: 5, own: 1 })).toEqual({ kernel: [5, 5], stride: [1, 1], own: 1 })
    expect(upgradeParams(kind, 3, { kernel: [5, 5] })).toEqual({ kernel: [5, 5] })
  })
  it('names a step that is missing', () => {
    expect(() => upgradeParams({ ...kind, version: 4 }, 1, {})).toThrow(
      /synthetic has no migration from version 3 to 4/,
    )
  })
})
