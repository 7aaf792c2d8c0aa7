import { describe, expect, it } from 'vitest'
import { analyze } from '../core/analysis/analyze.ts'
import { presetOf, presets } from './index.ts'

/** Id, input, trainable parameters, other parameters, weighted layers on the longest path, output. */
const TABLE: readonly (readonly [string, string, number, number, number, string])[] = [
  ['lenet5', '1x32x32', 60_000, 840, 5, '10'],
  ['lenet5-modern', '1x32x32', 61_706, 0, 5, '10'],
  ['alexnet', '3x227x227', 60_965_224, 0, 8, '1000'],
  ['alexnet-single', '3x227x227', 62_378_344, 0, 8, '1000'],
  ['zfnet', '3x224x224', 62_357_608, 0, 8, '1000'],
  ['zfnet-large', '3x224x224', 107_627_624, 0, 8, '1000'],
  ['vgg-a', '3x224x224', 132_863_336, 0, 11, '1000'],
  ['vgg-a-lrn', '3x224x224', 132_863_336, 0, 11, '1000'],
  ['vgg-b', '3x224x224', 133_047_848, 0, 13, '1000'],
  ['vgg-c', '3x224x224', 133_638_952, 0, 16, '1000'],
  ['vgg-d', '3x224x224', 138_357_544, 0, 16, '1000'],
  ['vgg-e', '3x224x224', 143_667_240, 0, 19, '1000'],
  ['googlenet', '3x224x224', 13_378_280, 0, 22, '1000'],
  ['inception-naive', '3x256x256', 6_272, 0, 1, '227x256x256'],
  ['inception', '3x256x256', 124_384, 0, 2, '256x256x256'],
  ['plain-18', '3x224x224', 11_515_688, 7_808, 18, '1000'],
  ['plain-34', '3x224x224', 21_623_848, 15_232, 34, '1000'],
  ['resnet-18', '3x224x224', 11_689_512, 9_600, 18, '1000'],
  ['resnet-34', '3x224x224', 21_797_672, 17_024, 34, '1000'],
  ['resnet-50', '3x224x224', 25_557_032, 53_120, 50, '1000'],
  ['resnet-101', '3x224x224', 44_549_160, 105_344, 101, '1000'],
  ['resnet-152', '3x224x224', 60_192_808, 151_424, 152, '1000'],
  ['plain-20-cifar', '3x32x32', 269_722, 1_376, 20, '10'],
  ['plain-56-cifar', '3x32x32', 853_018, 4_064, 56, '10'],
  ['resnet-20-cifar', '3x32x32', 269_722, 1_376, 20, '10'],
  ['resnet-32-cifar', '3x32x32', 464_154, 2_272, 32, '10'],
  ['resnet-44-cifar', '3x32x32', 658_586, 3_168, 44, '10'],
  ['resnet-56-cifar', '3x32x32', 853_018, 4_064, 56, '10'],
  ['resnet-110-cifar', '3x32x32', 1_727_962, 8_096, 110, '10'],
  ['preact-resnet-110', '3x32x32', 1_727_962, 8_096, 110, '10'],
  ['preact-resnet-164', '3x32x32', 1_703_258, 24_224, 164, '10'],
  ['preact-resnet-1001', '3x32x32', 10_327_706, 149_216, 1001, '10'],
  ['densenet-121', '3x224x224', 7_978_856, 83_648, 121, '1000'],
  ['densenet-169', '3x224x224', 14_149_480, 158_400, 169, '1000'],
  ['densenet-201', '3x224x224', 20_013_928, 229_056, 201, '1000'],
  ['densenet-264', '3x224x224', 33_337_704, 398_528, 265, '1000'],
  ['densenet-bc-100', '3x32x32', 769_162, 23_988, 100, '10'],
  ['wrn-28-10', '3x32x32', 36_479_194, 17_952, 26, '10'],
  ['wrn-16-8', '3x32x32', 10_961_370, 7_200, 14, '10'],
  ['wrn-50-2', '3x224x224', 68_883_240, 68_224, 50, '1000'],
  ['m5', '1x32000', 559_114, 2_048, 5, '10'],
  ['c3d', '3x16x112x112', 78_409_573, 0, 11, '101'],
  ['linear-cifar', '3x32x32', 30_730, 0, 1, '10'],
]

it('every documented model has exactly its published figures', () => {
  const counted = presets.map((preset) => {
    const { input, output, totals } = analyze(preset.build())
    const { trainable, nonTrainable, depth } = totals
    return [preset.id, input?.join('x'), trainable, nonTrainable, depth, output?.join('x')]
  })
  const byId = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1)
  expect(counted.toSorted(byId)).toEqual(TABLE.toSorted(byId))
})

it.each(presets)('$id tells those figures itself', ({ figures, build }) => {
  const { totals } = analyze(build())
  expect(totals).toMatchObject(figures)
})

/** Members of the families that are no presets of their own: id, options, trainable parameters. */
const MORE: readonly (readonly [string, object, number])[] = [
  // released models of the same papers
  ['densenet-121', { depth: 161, growth: 48 }, 28_681_000],
  ['resnet-101', { widen: 2, stride: '3x3' }, 126_886_696],
  ['googlenet', { auxiliary: false }, 6_998_552],
  ['googlenet', { norm: 'batchnorm', branch: '3x3', pool4: '2x2' }, 13_004_888],
  ['googlenet', { norm: 'batchnorm', branch: '3x3', pool4: '2x2', auxiliary: false }, 6_624_904],
  // the 19.4M, 8.9M and 1.0M of the papers' tables
  ['resnet-20-cifar', { depth: 1202 }, 19_421_274],
  ['wrn-28-10', { depth: 40, width: 4 }, 8_949_210],
  ['densenet-bc-100', { depth: 40, bottleneck: false, compression: 1 }, 1_019_722],
  // where the stride sits, responses and pooling change no count
  ['resnet-50', { stride: '3x3' }, 25_557_032],
  ['alexnet', { lrn: false, overlap: false }, 60_965_224],
  ['alexnet', { towers: 'one' }, 62_378_344],
  ['vgg-a', { configuration: 'D' }, 138_357_544],
]

it.each(MORE)('%s with %j comes from the same file', (id, options, trainable) => {
  const analysis = analyze(presetOf(id)!.build(options))
  expect(analysis.issues.filter((issue) => issue.severity === 'error')).toEqual([])
  expect(analysis.totals.trainable).toBe(trainable)
})

/** Trainable parameters of the layers that have some, by name. */
const weights = (id: string, options = {}): Record<string, number> =>
  Object.fromEntries(
    [...analyze(presetOf(id)!.build(options)).layers.values()]
      .filter((layer) => layer.trainable > 0)
      .map((layer) => [layer.name, layer.trainable]),
  )

describe('single figures that the documents give', () => {
  it('inception modules: parameters of each convolution', () => {
    expect(weights('inception-naive')).toEqual({ '1x1': 256, '3x3': 3_584, '5x5': 2_432 })
    expect(weights('inception')).toEqual({
      '1x1': 256,
      '3x3-reduce': 384,
      '3x3': 110_720,
      '5x5-reduce': 64,
      '5x5': 12_832,
      'pool-proj': 128,
    })
  })

  it('VGG16: 123,642,856 of its parameters are in three dense layers', () => {
    const { fc6 = 0, fc7 = 0, fc8 = 0 } = weights('vgg-d')
    expect(fc6 + fc7 + fc8).toBe(123_642_856)
  })

  it('GoogLeNet: each auxiliary classifier, and what trains with it', () => {
    const counts = Object.entries(weights('googlenet'))
    const of = (side: string) =>
      counts.filter(([name]) => name.startsWith(side)).reduce((sum, [, count]) => sum + count, 0)
    expect([of('aux1'), of('aux2')]).toEqual([3_188_840, 3_190_888])
    const sides = presetOf('googlenet')!
      .build()
      .layers.filter((layer) => layer.kind === 'auxiliary')
    expect(sides.map((layer) => [layer.name, layer.params.weight])).toEqual([
      ['aux1', 0.3],
      ['aux2', 0.3],
    ])
  })

  it('ZFNet: maps of 110, 55, 26, 13 and 6', () => {
    const { layers } = analyze(presetOf('zfnet')!.build())
    const sides = ['conv1', 'pool1', 'conv2', 'pool2', 'conv5', 'pool5'].map(
      (name) => [...layers.values()].find((layer) => layer.name === name)!.outputShape![1],
    )
    expect(sides).toEqual([110, 55, 26, 13, 13, 6])
  })

  it.each(['a', 'b', 'c', 'd', 'e'])(
    'pre-activation unit (%s) has the same count in another order',
    (unit) => {
      const document = presetOf('preact-resnet-110')!.build({ unit })
      expect(analyze(document).totals).toMatchObject({
        trainable: 1_727_962,
        nonTrainable: 8_096,
        depth: 110,
      })
      const kindOf = new Map(document.layers.map((layer) => [layer.name, layer.kind]))
      const order = {
        a: 'conv2d batchnorm relu conv2d batchnorm add relu',
        b: 'conv2d batchnorm relu conv2d add batchnorm relu',
        c: 'conv2d batchnorm relu conv2d batchnorm relu add',
        d: 'relu conv2d batchnorm relu conv2d batchnorm add',
        e: 'batchnorm relu conv2d batchnorm relu conv2d add',
      }[unit]
      const names = [...kindOf.keys()].filter((name) => /^conv3_2[a-]/.test(name) || /^conv3_2b/.test(name))
      expect(names.map((name) => kindOf.get(name)).join(' ')).toBe(order)
    },
  )
})

it('what cards say beside quoted figures is what counting gives', () => {
  const exact = (id: string) => {
    const { macs, connections, trainable } = analyze(presetOf(id)!.build()).totals
    const { fc6 = 0, fc7 = 0, fc8 = 0 } = weights(id)
    const shorter =
      id === 'googlenet' ? analyze(presetOf(id)!.build({ auxiliary: false })).totals.trainable : 0
    return [macs, connections, trainable, shorter, fc6 + fc7 + fc8].map((n) => n.toLocaleString('en-US'))
  }
  const quoting = presets.filter((preset) => preset.quoted)
  expect(quoting.map((preset) => preset.id)).toEqual(['lenet5', 'alexnet', 'vgg-d', 'googlenet'])
  for (const { id, quoted } of quoting)
    for (const said of Object.values(quoted!)) {
      const figures = String(said).match(/\d{1,3}(,\d{3})+/g) ?? []
      expect(figures.length).toBeGreaterThan(0)
      expect(exact(id)).toEqual(expect.arrayContaining(figures))
    }
})
