import { describe, expect, it } from 'vitest'
import { analyze } from '../../core/analysis/analyze.ts'
import { presetOf, presets } from '../../presets/index.ts'
import { arcsOf } from './arcs.ts'
import { RISE, slabsOf, towersOf } from './silhouette.ts'
import { skipsOf } from './skips.ts'

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
        expect(new Set(slabs.map((slab) => slab.x)).size).toBeLessThan(70)
        for (const [i, s] of slabs.entries()) {
          expect(s.x + s.width + s.depth).toBeLessThanOrEqual(width + 0.01)
          expect(s.y - s.depth * RISE).toBeGreaterThanOrEqual(0)
          expect(s.y + s.height).toBeLessThanOrEqual(height)
          const before = slabs[i - 1]
          // beside the one before, or above it
          if (before && before.x !== s.x) expect(s.x).toBeGreaterThan(before.x + before.width)
          else if (before) expect(s.y + s.height).toBeLessThanOrEqual(before.y)
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

  it('stands branches and towers above one another', () => {
    const columns = (id: string) => {
      const document = presetOf(id)!.build()
      const byX = new Map<number, number>()
      for (const { x } of slabsOf(analyze(document), 300, 104, 0, towersOf(document)))
        byX.set(x, (byX.get(x) ?? 0) + 1)
      return [...byX.values()]
    }
    // the input; four branches, of which three go on
    expect(columns('inception')).toEqual([1, 4, 3])
    expect(columns('inception-naive')).toEqual([1, 4])
    // conv2, conv4 and conv5 of AlexNet lie on two GPUs
    expect(columns('alexnet').filter((parts) => parts === 2)).toHaveLength(3)
    for (const id of ['alexnet-single', 'resnet-50', 'lenet5', 'densenet-121'])
      expect([id, Math.max(...columns(id))]).toEqual([id, 1])
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
