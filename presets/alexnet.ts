import { bool, choice, type ParamsOf } from '../core/layers/params.ts'
import { text } from '../core/network/text.ts'
import { convRelu } from './blocks/convolution.ts'
import { imageInput } from './blocks/head.ts'
import type { NetworkBuilder, ParamsFor } from './builder.ts'
import { type FamilySpec, familyOf } from './family.ts'
import { classesOption, dropoutOption, initializationOption, lrnOption, sizeOption } from './options.ts'
import { convnetRecipe } from './recipes.ts'

const options = {
  towers: choice({
    default: 'two' as 'one' | 'two',
    options: [
      { value: 'two', label: text('Two towers (2 GPUs)', '타워 두 개 (GPU 2개)') },
      { value: 'one', label: text('Single tower', '타워 하나') },
    ],
    label: text('Towers', '타워'),
  }),
  version: choice({
    default: '2012' as '2012' | '2014',
    options: [
      { value: '2012', label: text('2012: 96-256-384-384-256', '2012: 96-256-384-384-256') },
      { value: '2014', label: text('2014: 64-192-384-256-256', '2014: 64-192-384-256-256') },
    ],
    label: text('Filters', '필터'),
    help: text(
      'The second are those of “One weird trick” (Krizhevsky 2014) and of torchvision, for images of 224 and without response norm.',
      '두 번째는 “One weird trick”(Krizhevsky 2014)과 torchvision의 구성이며, 224 이미지에 응답 정규화 없이 씁니다.',
    ),
  }),
  lrn: lrnOption(true),
  overlap: bool({
    default: true,
    label: text('Overlapping pooling', '겹침 풀링'),
    help: text(
      'Windows of 3 moving by 2; otherwise of 2 by 2.',
      '3칸 윈도를 2칸씩 옮깁니다. 끄면 2칸씩 겹치지 않습니다.',
    ),
  }),
  dropout: dropoutOption(0.5),
  initialization: initializationOption('paper'),
  size: sizeOption(227, 67),
  classes: classesOption(1000),
}
type Options = ParamsOf<typeof options>

/** Filters of the five convolutions, and the first one's padding. */
const VERSIONS = {
  '2012': { filters: [96, 256, 384, 384, 256], pad: 0 },
  '2014': { filters: [64, 192, 384, 256, 256], pad: 2 },
} as const

/** Layers of the paper's section 3.5: convolution and ReLU, then response norm, then pooling. */
function layers(net: NetworkBuilder, o: Options): void {
  const groups = o.towers === 'two' ? 2 : 1
  // N(0, 0.01); biases of conv2, 4, 5 and of the dense layers start at 1, so that ReLUs begin in their open half
  const start = o.initialization === 'paper' ? ({ initializer: 'normal', initScale: 0.01 } as const) : {}
  const open = o.initialization === 'paper' ? { ...start, biasValue: 1 } : start
  const conv = (name: string, params: ParamsFor<'conv2d'>) => convRelu(net, name, params)
  const pool = (name: string) =>
    net.add('maxpool2d', name, { kernel: o.overlap ? [3, 3] : [2, 2], stride: [2, 2] })
  const { filters, pad: p } = VERSIONS[o.version]
  const padding =
    p > 0 ? ({ padding: 'explicit', pads: [p, p, p, p] } as const) : { padding: 'valid' as const }
  imageInput(net, o.size)
  conv('conv1', { filters: filters[0], kernel: [11, 11], stride: [4, 4], ...padding, ...start })
  if (o.lrn) net.add('lrn', 'norm1')
  pool('pool1')
  conv('conv2', { filters: filters[1], kernel: [5, 5], groups, ...open })
  if (o.lrn) net.add('lrn', 'norm2')
  pool('pool2')
  conv('conv3', { filters: filters[2], ...start })
  conv('conv4', { filters: filters[3], groups, ...open })
  conv('conv5', { filters: filters[4], groups, ...open })
  pool('pool5')
  net.add('flatten', 'flatten')
  for (const name of ['fc6', 'fc7']) {
    net.add('dense', name, { units: 4096, ...open })
    net.add('relu', `${name}-relu`)
    if (o.dropout > 0) net.add('dropout', `${name}-dropout`, { rate: o.dropout })
  }
  net.add('dense', 'fc8', { units: o.classes, ...start })
}

const spec: FamilySpec<typeof options> = {
  family: { id: 'alexnet', title: text('AlexNet', 'AlexNet') },
  year: 2012,
  paper: {
    citation:
      'Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional neural networks, 2012',
    url: 'https://doi.org/10.1145/3065386',
  },
  summary: text(
    'ReLU, dropout and two GPUs: eight layers that won ImageNet by ten points and began the rush.',
    'ReLU, 드롭아웃, GPU 두 개. 여덟 층으로 ImageNet을 10%p 차로 이기며 딥러닝 붐을 열었습니다.',
  ),
  task: 'imagenet',
  data: null,
  recipe: convnetRecipe(128, 90),
  paperRecipe: text(
    'SGD, rate 0.01 divided by 10 by hand when validation stalls (3 times), batch 128, weight decay 5e-4, momentum 0.9, about 90 epochs. Random 224 crops of 256 and mirror images, colour shift along principal components (0.1). N(0, 0.01), biases 1 in conv2, 4, 5 and the dense layers.',
    'SGD, 학습률 0.01에서 검증이 정체되면 수동으로 1/10(3회), 배치 128, 가중치 감쇠 5e-4, 모멘텀 0.9, 약 90에폭. 256에서 224 무작위 크롭, 좌우 반전, 주성분 색 변형(0.1). N(0, 0.01), conv2·4·5와 완전 연결 레이어의 편향은 1.',
  ),
  options,
  layers,
}

export const alexnets = familyOf(spec, [
  {
    id: 'alexnet',
    title: text('AlexNet (two towers)', 'AlexNet (타워 두 개)'),
    variant: text('Two towers', '타워 두 개'),
    quoted: text(
      'Quoted as “630M operations” without the input size behind it; at 227×227 it takes 724,406,816 multiply-accumulates. The quoted 62M parameters are those of the single tower.',
      '‘연산 6억 3000만 회’로 인용되지만 어떤 입력 크기인지는 밝히지 않습니다. 227×227에서는 곱셈-누산 724,406,816회입니다. 흔히 말하는 파라미터 6200만 개는 타워 하나일 때의 값입니다.',
    ),
    figures: { trainable: 60_965_224, nonTrainable: 0, depth: 8 },
    published: {
      measure: text(
        'ImageNet 2012 validation, top-5, one network',
        'ImageNet 2012 검증, top-5, 네트워크 하나',
      ),
      value: '18.2%',
    },
  },
  {
    id: 'alexnet-single',
    title: text('AlexNet (single tower)', 'AlexNet (타워 하나)'),
    variant: text('Single tower', '타워 하나'),
    figures: { trainable: 62_378_344, nonTrainable: 0, depth: 8 },
    set: { towers: 'one' },
  },
])
