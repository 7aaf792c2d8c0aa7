import { describe, expect, it } from 'vitest'
import { analyze } from '../core/analysis/analyze.ts'
import { OptionError, parseOptions, presetOf } from './index.ts'

const parse = (id: string, ...pairs: [string, string][]) => parseOptions(presetOf(id)!, pairs)

describe('settings as they are written', () => {
  it('are read by their type', () => {
    expect(parse('resnet-50', ['depth', '101'], ['shortcut', 'c'], ['stride', '3x3'])).toEqual({
      depth: 101,
      shortcut: 'C',
      stride: '3x3',
    })
    expect(parse('densenet-121', ['blocks', '6, 12,36,24'], ['compression', '0.7'])).toEqual({
      blocks: [6, 12, 36, 24],
      compression: 0.7,
    })
    expect(parse('alexnet', ['lrn', 'off'], ['overlap', 'true'])).toEqual({ lrn: false, overlap: true })
  })

  it.each([
    ['resnet-50', 'depht', '50', /no setting named "depht": use one of depth, blocks, unit/],
    ['lenet5', 'depth', '5', /nor any other/],
    ['resnet-50', 'depth', 'deep', /takes a whole number from 1 to 10000, not "deep"/],
    ['resnet-50', 'depth', '', /takes a whole number/],
    ['resnet-50', 'shortcut', 'D', /takes one of A, B, C, none, not "D"/],
    ['alexnet', 'lrn', 'perhaps', /takes true or false/],
    ['densenet-121', 'blocks', '6,12,,24', /takes 4 values/],
    ['resnet-50', 'constructor', '1', /no setting named/],
  ])('%s %s=%s is refused with what would do', (id, name, value, message) => {
    expect(() => parse(id, [name, value])).toThrow(message)
    expect(() => parse(id, [name, value])).toThrow(OptionError)
  })
})

describe('building with options', () => {
  it('refuses depths that make no network, and names near ones', () => {
    expect(() => presetOf('resnet-20-cifar')!.build({ depth: 21 })).toThrow(/6n \+ 2\): use 20 or 26/)
    expect(() => presetOf('resnet-18')!.build({ depth: 42 })).toThrow(/use one of 10, 18, 34, 50/)
    expect(() => presetOf('densenet-121')!.build({ depth: 100 })).toThrow(/or set blocks/)
    expect(() => presetOf('resnet-18')!.build({ depth: 1.5 })).toThrow(OptionError)
  })

  it('writes down what differs from the preset, and nothing else', () => {
    const resnet = presetOf('resnet-20-cifar')!
    expect(resnet.build({ depth: 20, width: 16 }).preset).toEqual({ id: 'resnet-20-cifar' })
    const deep = resnet.build({ depth: 56, shortcut: 'B' })
    expect(deep.preset).toEqual({ id: 'resnet-20-cifar', options: { depth: 56, shortcut: 'B' } })
    expect(deep.name).toBe('ResNet-20 (CIFAR), depth 56, shortcut B')
  })

  it('crops small images by as large a share as the paper crops its own', () => {
    const crop = (id: string, size: number) => presetOf(id)!.build({ size }).recipe!.augment!.crop
    expect(presetOf('vgg-a')!.build().recipe!.augment!.crop).toBe(16)
    expect(crop('vgg-a', 32)).toBe(2)
    expect(crop('googlenet', 112)).toBe(8)
    expect(crop('resnet-20-cifar', 64)).toBe(8)
  })

  it('makes the AlexNet that torchvision has', () => {
    const { totals, output } = analyze(
      presetOf('alexnet-single')!.build({ version: '2014', lrn: false, size: 224 }),
    )
    expect({ ...totals, output }).toMatchObject({ trainable: 61_100_840, macs: 714_188_480, output: [1000] })
  })

  it('makes the VGG with batch norm that torchvision has', () => {
    const { totals } = analyze(presetOf('vgg-d')!.build({ batchnorm: true }))
    expect(totals).toMatchObject({ trainable: 138_365_992, nonTrainable: 8_448, depth: 16 })
  })

  it('leaves out what is switched off', () => {
    const kinds = (id: string, options: object) =>
      new Set(
        presetOf(id)!
          .build(options)
          .layers.map((layer) => layer.kind),
      )
    expect(kinds('alexnet', { lrn: false, dropout: 0 })).not.toContain('lrn')
    expect(kinds('alexnet', { lrn: false, dropout: 0 })).not.toContain('dropout')
    expect(kinds('googlenet', { auxiliary: false })).not.toContain('auxiliary')
    expect(kinds('wrn-16-8', { dropout: 0.3 })).toContain('dropout')
    expect(kinds('resnet-18', { shortcut: 'none' })).not.toContain('add')
    expect(kinds('resnet-18', { shortcut: 'A' })).toContain('zero-pad-shortcut')
  })

  it.each([
    ['googlenet', [48, 64, 79, 80, 96]],
    ['alexnet', [67, 68, 96]],
    ['zfnet', [63, 64, 96]],
    ['vgg-e', [32, 33, 64]],
    ['resnet-50', [32, 33, 64]],
    ['densenet-121', [32, 33, 64]],
    ['wrn-16-8', [8, 33]],
    ['c3d', [32, 64]],
  ] as const)('%s takes small images too', (id, sizes) => {
    for (const size of sizes) {
      const { issues } = analyze(presetOf(id)!.build({ size }))
      expect([size, issues.filter((issue) => issue.severity === 'error')]).toEqual([size, []])
    }
  })

  it('makes toys of six units, and networks of other stages', () => {
    const adds = (id: string, options: object) =>
      presetOf(id)!
        .build(options)
        .layers.filter((layer) => layer.kind === 'add').length
    expect(adds('resnet-20-cifar', { depth: 14, width: 4 })).toBe(6)
    expect(adds('preact-resnet-110', { depth: 14, width: 4, unit: 'a' })).toBe(6)
    expect(adds('resnet-18', { blocks: [2, 2, 2, 0] })).toBe(6)
  })
})
