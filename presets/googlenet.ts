import { bool, choice, type ParamsOf } from '../core/layers/params.ts'
import type { Recipe } from '../core/network/schema.ts'
import { text } from '../core/network/text.ts'
import { square } from './blocks/convolution.ts'
import { imageInput } from './blocks/head.ts'
import { type Branches, type ConvStyle, inceptionModule, styledConv } from './blocks/inception.ts'
import type { Handle, NetworkBuilder } from './builder.ts'
import { type FamilySpec, familyOf } from './family.ts'
import { classesOption, dropoutOption, sizeOption } from './options.ts'

/** Table 1 of the paper, row by row. */
const MODULES: Readonly<Record<string, Branches>> = {
  '3a': { one: 64, three: [96, 128], five: [16, 32], pool: 32 },
  '3b': { one: 128, three: [128, 192], five: [32, 96], pool: 64 },
  '4a': { one: 192, three: [96, 208], five: [16, 48], pool: 64 },
  '4b': { one: 160, three: [112, 224], five: [24, 64], pool: 64 },
  '4c': { one: 128, three: [128, 256], five: [24, 64], pool: 64 },
  '4d': { one: 112, three: [144, 288], five: [32, 64], pool: 64 },
  '4e': { one: 256, three: [160, 320], five: [32, 128], pool: 128 },
  '5a': { one: 256, three: [160, 320], five: [32, 128], pool: 128 },
  '5b': { one: 384, three: [192, 384], five: [48, 128], pool: 128 },
}

const options = {
  auxiliary: bool({
    default: true,
    label: text('Auxiliary classifiers', '보조 분류기'),
    help: text(
      'Two side branches behind 4a and 4d that train with weight 0.3 and are left out afterwards.',
      '4a와 4d 뒤에서 가중치 0.3으로 함께 학습하고, 이후에는 빼는 곁가지 두 개입니다.',
    ),
  }),
  norm: choice({
    default: 'lrn' as 'lrn' | 'batchnorm' | 'none',
    options: [
      { value: 'lrn', label: text('LRN (paper)', 'LRN (논문)') },
      {
        value: 'batchnorm',
        label: text('Batch norm behind every convolution', '모든 합성곱 뒤 배치 정규화'),
      },
      { value: 'none', label: text('None', '없음') },
    ],
    label: text('Normalization', '정규화'),
    help: text(
      'torchvision has batch norm, filters of 3 in the 5×5 branch and pooling of 2 before 5a.',
      'torchvision은 배치 정규화를 쓰고, 5×5 갈래의 필터는 3, 5a 앞의 풀링은 2입니다.',
    ),
  }),
  branch: choice({
    default: '5x5' as '5x5' | '3x3',
    options: [
      { value: '5x5', label: text('5×5 (paper)', '5×5 (논문)') },
      { value: '3x3', label: text('3×3 (torchvision)', '3×3 (torchvision)') },
    ],
    label: text('Third branch', '세 번째 갈래'),
  }),
  pool4: choice({
    default: '3x3' as '3x3' | '2x2',
    options: [
      { value: '3x3', label: text('3×3 (paper)', '3×3 (논문)') },
      { value: '2x2', label: text('2×2 (torchvision)', '2×2 (torchvision)') },
    ],
    label: text('Pooling before 5a', '5a 앞의 풀링'),
  }),
  dropout: dropoutOption(0.4),
  size: sizeOption(224, 48),
  classes: classesOption(1000),
}
type Options = ParamsOf<typeof options>

function layers(net: NetworkBuilder, o: Options): void {
  const style = o.norm === 'batchnorm' ? 'batchnorm' : 'plain'
  const ends = new Map<string, Handle>()
  const modules = (...names: readonly string[]) => {
    for (const name of names)
      net.group(`inception_${name}`, () => {
        const branches = { ...MODULES[name]!, kernel: o.branch === '5x5' ? 5 : 3 }
        ends.set(name, inceptionModule(net, `inception_${name}-`, branches, style))
      })
  }
  const pool = (name: string, kernel = 3) =>
    net.add('maxpool2d', name, { kernel: [kernel, kernel], stride: [2, 2], ceil: true })
  imageInput(net, o.size)
  styledConv(net, 'conv1', { filters: 64, ...square(7, 2) }, style)
  pool('pool1')
  if (o.norm === 'lrn') net.add('lrn', 'norm1')
  styledConv(net, 'conv2-reduce', { filters: 64, ...square(1) }, style)
  styledConv(net, 'conv2', { filters: 192, ...square(3) }, style)
  if (o.norm === 'lrn') net.add('lrn', 'norm2')
  pool('pool2')
  modules('3a', '3b')
  pool('pool3')
  modules('4a', '4b', '4c', '4d', '4e')
  pool('pool4', o.pool4 === '3x3' ? 3 : 2)
  modules('5a', '5b')
  net.add('global-avgpool', 'pool5')
  if (o.dropout > 0) net.add('dropout', 'dropout', { rate: o.dropout })
  net.add('dense', 'fc', { units: o.classes })
  if (!o.auxiliary) return
  // small images leave maps of less than 5 there
  const kernel = Math.min(5, Math.floor(o.size / 16))
  const side = { classes: o.classes, style, kernel } as const
  sideClassifier(net, 'aux1', side, ends.get('4a')!)
  sideClassifier(net, 'aux2', side, ends.get('4d')!)
}

interface Side {
  readonly classes: number
  readonly style: ConvStyle
  readonly kernel: number
}

/** Section 5: average pooling of 5 by 3, 128 1x1 filters, 1024 units, 70% dropout, a classifier. */
function sideClassifier(net: NetworkBuilder, name: string, { classes, style, kernel }: Side, from: Handle) {
  net.group(name, () => {
    net.add('avgpool2d', `${name}-pool`, { kernel: [kernel, kernel], stride: [3, 3] }, from)
    styledConv(net, `${name}-conv`, { filters: 128, ...square(1) }, style)
    net.add('flatten', `${name}-flatten`)
    net.add('dense', `${name}-fc1`, { units: 1024 })
    net.add('relu', `${name}-fc1-relu`)
    net.add('dropout', `${name}-dropout`, { rate: 0.7 })
    net.add('dense', `${name}-fc2`, { units: classes })
    net.add('auxiliary', name, { weight: 0.3 })
  })
}

/** Batch, decay and length are not in the paper; these are those of the copy that its readers trained. */
const recipe: Recipe = {
  optimizer: 'sgd',
  momentum: 0.9,
  learningRate: 0.01,
  weightDecay: 2e-4,
  batch: 32,
  epochs: 60,
  schedule: { type: 'step', every: 8, unit: 'epochs', factor: 0.96 },
  augment: { crop: 16, flip: true },
}

const spec: FamilySpec<typeof options> = {
  family: { id: 'googlenet', title: text('GoogLeNet', 'GoogLeNet') },
  year: 2014,
  paper: {
    citation: 'Szegedy et al., Going deeper with convolutions, 2014',
    url: 'https://arxiv.org/abs/1409.4842',
  },
  summary: text(
    'Nine inception modules look with 1×1, 3×3 and 5×5 filters at once, and 1×1 reductions keep that affordable.',
    '아홉 개의 Inception 모듈이 1×1, 3×3, 5×5 필터로 동시에 보고, 1×1 축소로 계산량을 줄입니다.',
  ),
  task: 'imagenet',
  data: null,
  recipe,
  paperRecipe: text(
    'Asynchronous SGD, momentum 0.9, the rate 4% lower every 8 epochs, Polyak averaging for the final model. Crops of 8% to 100% of the area with aspect 3/4 to 4/3, photometric distortion. Auxiliary losses count 0.3; dropout 70% there, 40% before the classifier. Batch, weight decay and length are not told.',
    '비동기 SGD, 모멘텀 0.9, 8에폭마다 학습률 4% 감소, 최종 모델에 Polyak 평균. 면적의 8~100%, 가로세로비 3/4~4/3의 크롭, 밝기·색 왜곡. 보조 손실 가중치 0.3, 드롭아웃은 보조 70%, 본 분류기 앞 40%. 배치, 가중치 감쇠, 학습 길이는 밝히지 않았습니다.',
  ),
  options,
  layers,
}

export const googlenets = familyOf(spec, [
  {
    id: 'googlenet',
    title: text('GoogLeNet (Inception v1)', 'GoogLeNet (Inception v1)'),
    variant: text('With auxiliary classifiers', '보조 분류기 포함'),
    quoted: text(
      'Quoted as “5 million parameters”: that is AlexNet’s 60 million by the paper’s “12 times fewer”. Table 1 of the paper adds up to 6.8 million; exactly it is 6,998,552, and 13,378,280 with the auxiliary classifiers.',
      '‘파라미터 500만 개’로 인용되는데, AlexNet의 6000만 개를 논문의 ‘12배 적다’로 나눈 값입니다. 논문 표 1을 더하면 680만이고, 정확히는 6,998,552개, 보조 분류기를 포함하면 13,378,280개입니다.',
    ),
    figures: { trainable: 13_378_280, nonTrainable: 0, depth: 22 },
    published: {
      measure: text('ImageNet validation, top-5, 1 model, 1 crop', 'ImageNet 검증, top-5, 모델 1개, 1-crop'),
      value: '10.07%',
    },
  },
])
