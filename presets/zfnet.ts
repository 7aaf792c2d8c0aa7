import { axes, type ParamsOf } from '../core/layers/params.ts'
import { text } from '../core/network/text.ts'
import { convRelu } from './blocks/convolution.ts'
import { imageInput } from './blocks/head.ts'
import type { NetworkBuilder, ParamsFor } from './builder.ts'
import { type FamilySpec, familyOf } from './family.ts'
import { classesOption, dropoutOption, initializationOption, lrnOption, sizeOption } from './options.ts'
import { convnetRecipe } from './recipes.ts'

const options = {
  filters: axes({
    default: [384, 384, 256],
    axes: ['conv3', 'conv4', 'conv5'],
    min: 1,
    max: 8192,
    label: text('Filters', '필터 수'),
  }),
  lrn: lrnOption(true),
  dropout: dropoutOption(0.5),
  initialization: initializationOption('paper'),
  size: sizeOption(224, 63),
  classes: classesOption(1000),
}
type Options = ParamsOf<typeof options>

/** Figure 3 of the paper: maps of 110, 55, 26, 13 and 6; pooling comes before the contrast norm. */
function layers(net: NetworkBuilder, o: Options): void {
  const start = o.initialization === 'paper' ? ({ initializer: 'normal', initScale: 0.01 } as const) : {}
  const conv = (name: string, params: ParamsFor<'conv2d'>) => convRelu(net, name, { ...params, ...start })
  const pool = (name: string) => net.add('maxpool2d', name, { kernel: [3, 3], stride: [2, 2], ceil: true })
  const [third, fourth, fifth] = o.filters as [number, number, number]
  imageInput(net, o.size)
  conv('conv1', { filters: 96, kernel: [7, 7], stride: [2, 2], padding: 'explicit', pads: [1, 1, 1, 1] })
  pool('pool1')
  if (o.lrn) net.add('lrn', 'norm1')
  conv('conv2', { filters: 256, kernel: [5, 5], stride: [2, 2], padding: 'valid' })
  pool('pool2')
  if (o.lrn) net.add('lrn', 'norm2')
  conv('conv3', { filters: third })
  conv('conv4', { filters: fourth })
  conv('conv5', { filters: fifth })
  net.add('maxpool2d', 'pool5', { kernel: [3, 3], stride: [2, 2] })
  net.add('flatten', 'flatten')
  for (const name of ['fc6', 'fc7']) {
    net.add('dense', name, { units: 4096, ...start })
    net.add('relu', `${name}-relu`)
    if (o.dropout > 0) net.add('dropout', `${name}-dropout`, { rate: o.dropout })
  }
  net.add('dense', 'fc8', { units: o.classes, ...start })
}

const spec: FamilySpec<typeof options> = {
  family: { id: 'zfnet', title: text('ZFNet', 'ZFNet') },
  year: 2013,
  paper: {
    citation: 'Zeiler and Fergus, Visualizing and understanding convolutional networks, 2013',
    url: 'https://arxiv.org/abs/1311.2901',
  },
  summary: text(
    'AlexNet tuned by looking into it: smaller first filters (7×7, stride 2) keep what 11×11 lost.',
    'AlexNet 속을 들여다보고 다듬었습니다. 첫 필터를 7×7, 스트라이드 2로 줄여 11×11이 놓친 것을 살립니다.',
  ),
  task: 'imagenet',
  data: null,
  // the paper does not tell a weight decay
  recipe: convnetRecipe(128, 70, 0),
  paperRecipe: text(
    'SGD, rate 0.01 reduced by hand when validation plateaus, batch 128, momentum 0.9, 70 epochs. 10 different 224 crops of 256, dropout 0.5. N(0, 0.01), biases 0; first filters whose RMS exceeds 0.1 are brought back to it.',
    'SGD, 학습률 0.01에서 검증이 정체되면 수동으로 감소, 배치 128, 모멘텀 0.9, 70에폭. 256에서 서로 다른 224 크롭 10개, 드롭아웃 0.5. N(0, 0.01), 편향 0. 첫 레이어 필터의 RMS가 0.1을 넘으면 0.1로 되돌립니다.',
  ),
  options,
  layers,
}

const top5 = (value: string) => ({
  measure: text('ImageNet 2012 validation, top-5, one network', 'ImageNet 2012 검증, top-5, 네트워크 하나'),
  value,
})

export const zfnets = familyOf(spec, [
  {
    id: 'zfnet',
    title: text('ZFNet', 'ZFNet'),
    variant: text('384-384-256', '384-384-256'),
    figures: { trainable: 62_357_608, nonTrainable: 0, depth: 8 },
    published: top5('16.5%'),
  },
  {
    id: 'zfnet-large',
    title: text('ZFNet 512-1024-512', 'ZFNet 512-1024-512'),
    variant: text('512-1024-512', '512-1024-512'),
    figures: { trainable: 107_627_624, nonTrainable: 0, depth: 8 },
    published: top5('16.0%'),
    set: { filters: [512, 1024, 512] },
  },
])
