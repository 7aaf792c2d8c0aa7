import { describe, expect, it } from 'vitest'
import { analyze } from '../../core/analysis/analyze.ts'
import { presetOf, presets } from '../../presets/index.ts'
import { arcsOf, skipsOf } from './arcs.ts'
import { RISE, slabsOf } from './silhouette.ts'

describe('the silhouette', () => {
  it('is drawn from the layers of the network: maps shrink, vectors end it', () => {
    const slabs = slabsOf(analyze(presetOf('lenet5')!.build()), 280, 100)
    expect(slabs.map((s) => s.category)).toEqual([
      'input',
      'conv',
      'pool',
      'conv',
      'pool',
      'conv',
      'dense',
      'output',
    ])
    const heights = slabs.slice(0, 5).map((s) => s.height)
    expect(heights).toEqual([...heights].sort((a, b) => b - a))
    // C3 has 16 channels, C1 has 6; C5 puts out 120 values, F6 84
    expect(slabs[3]!.width).toBeGreaterThan(slabs[1]!.width)
    expect(slabs[5]!.width).toBe(slabs[6]!.width)
    expect(slabs[5]!.height).toBeGreaterThan(slabs[6]!.height)
  })

  it('stays within its box, left to right, for every documented model and size', () => {
    for (const preset of presets) {
      for (const [width, height] of [
        [280, 100],
        [44, 32],
      ] as const) {
        const slabs = slabsOf(analyze(preset.build()), width, height)
        expect(slabs.length).toBeGreaterThan(1)
        expect(slabs.length).toBeLessThan(70)
        for (const [i, s] of slabs.entries()) {
          expect(s.x + s.width + s.depth).toBeLessThanOrEqual(width + 0.01)
          expect(s.y - s.depth * RISE).toBeGreaterThanOrEqual(0)
          expect(s.y + s.height).toBeLessThanOrEqual(height)
          if (i) expect(s.x).toBeGreaterThan(slabs[i - 1]!.x + slabs[i - 1]!.width)
        }
      }
    }
  })

  it('keeps every size of map of the deepest networks, and no side branch', () => {
    const slabs = slabsOf(analyze(presetOf('preact-resnet-1001')!.build()), 300, 104)
    expect(new Set(slabs.slice(0, -1).map((slab) => slab.height)).size).toBeGreaterThanOrEqual(3)
    const { layers } = analyze(presetOf('googlenet')!.build())
    const drawn = slabsOf(analyze(presetOf('googlenet')!.build()), 300, 104)
    expect(drawn.some((slab) => layers.get(slab.id)!.name.startsWith('aux'))).toBe(false)
  })

  it('draws an arc for each shortcut that passes something drawn, and none where there is none', () => {
    const arcs = (id: string) => {
      const analysis = analyze(presetOf(id)!.build())
      return arcsOf(analysis, slabsOf(analysis, 300, 104, 12), 12)
    }
    for (const id of ['lenet5', 'vgg-d', 'plain-34', 'googlenet', 'inception']) expect(arcs(id)).toEqual([])
    // 20 layers are few enough to be drawn all: nine modules
    expect(arcs('resnet-20-cifar')).toHaveLength(9)
    expect(arcs('densenet-121').length).toBeGreaterThan(10)
    const skips = (id: string) => skipsOf(analyze(presetOf(id)!.build())).length
    expect([skips('resnet-50'), skips('resnet-110-cifar'), skips('densenet-121')]).toEqual([16, 54, 58])
  })

  it('is empty for an empty network', () => {
    const document = { ...presets[0]!.build(), layers: [], wires: [] }
    expect(slabsOf(analyze(document), 100, 100)).toEqual([])
  })
})
