import { describe, expect, it } from 'vitest'
import { createDocument } from '../network/document.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { adaptHead, headOf, inputTransformOf } from './index.ts'

/** Layers one behind the other; ids are `l1`, `l2`... */
const chain = (
  ...items: readonly (readonly [kind: string, params?: Record<string, unknown>])[]
): NetworkDocument => ({
  ...createDocument('chain'),
  layers: items.map(([kind, params = {}], i) => ({
    id: `l${i + 1}`,
    kind,
    kindVersion: 1,
    name: `${kind} ${i + 1}`,
    params,
    position: { x: 0, y: 0 },
  })),
  wires: items.slice(1).map((_, i) => ({
    id: `w${i + 1}`,
    from: { layer: `l${i + 1}`, port: 'out' },
    to: { layer: `l${i + 2}`, port: 'in' },
  })),
})

describe('adaptHead', () => {
  it('widens the last dense layer, behind which only layers without weights lie', () => {
    const document = chain(
      ['input'],
      ['flatten'],
      ['dense', { units: 84 }],
      ['dense', { units: 10 }],
      ['softmax'],
    )
    const { document: adapted, change } = adaptHead(document, 26)
    expect(change).toMatchObject({ layer: 'l4', param: 'units', from: 10, to: 26 })
    expect(change!.message.en).toBe('dense 4 was changed from 10 to 26 outputs, one a class of the data.')
    expect(adapted.layers.map((layer) => layer.params.units)).toEqual([
      undefined,
      undefined,
      84,
      26,
      undefined,
    ])
    expect(document.layers[3]!.params.units).toBe(10)
  })

  it('takes the default for the width that stands nowhere', () => {
    expect(adaptHead(chain(['input'], ['flatten'], ['dense'], ['rbf']), 12).change).toMatchObject({
      param: 'classes',
      from: 10,
      to: 12,
    })
  })

  it('leaves a head that fits as it is', () => {
    const document = chain(['input'], ['flatten'], ['dense', { units: 10 }])
    expect(adaptHead(document, 10)).toEqual({ document, change: null })
    expect(adaptHead(document, 10).document).toBe(document)
  })

  it.each([
    ['ends in a convolution', chain(['input'], ['dense'], ['conv2d'])],
    ['has an unknown last layer', chain(['input'], ['dense'], ['warp-drive'])],
    ['has two ends', { ...chain(['input'], ['dense'], ['dense']), wires: chain(['input'], ['dense']).wires }],
    ['is empty', chain()],
    [
      'is a loop',
      {
        ...chain(['relu']),
        wires: [{ id: 'w', from: { layer: 'l1', port: 'out' }, to: { layer: 'l1', port: 'in' } }],
      },
    ],
  ])('does nothing to a network that %s', (_what, document) => {
    expect(headOf(document)).toBeNull()
    expect(adaptHead(document, 5)).toEqual({ document, change: null })
  })
})

describe('inputTransformOf', () => {
  it('reads the input layer, defaults filled in', () => {
    expect(inputTransformOf(chain(['input', { shape: [1, 32, 32], fit: 'pad' }]))).toEqual({
      shape: [1, 32, 32],
      fit: 'pad',
      normalization: 'zero-one',
    })
  })
  it('is null where there is none or it is not valid', () => {
    expect(inputTransformOf(chain(['relu']))).toBeNull()
    expect(inputTransformOf(chain(['input', { shape: [1, 0, 32] }]))).toBeNull()
  })
})
