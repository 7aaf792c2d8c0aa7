import { bool, choice, type ParamsOf } from '../core/layers/params.ts'
import { text } from '../core/network/text.ts'
import { square } from './blocks/convolution.ts'
import { imageInput } from './blocks/head.ts'
import type { NetworkBuilder } from './builder.ts'
import { type FamilySpec, familyOf } from './family.ts'
import { classesOption, dropoutOption, lrnOption, sizeOption, widthOption } from './options.ts'
import { convnetRecipe } from './recipes.ts'

type Configuration = 'A' | 'B' | 'C' | 'D' | 'E'

/** Kernels of the convolutions in each of the five stages (table 1 of the paper). */
const KERNELS: Readonly<Record<Configuration, readonly (readonly number[])[]>> = {
  A: [[3], [3], [3, 3], [3, 3], [3, 3]],
  B: [
    [3, 3],
    [3, 3],
    [3, 3],
    [3, 3],
    [3, 3],
  ],
  C: [
    [3, 3],
    [3, 3],
    [3, 3, 1],
    [3, 3, 1],
    [3, 3, 1],
  ],
  D: [
    [3, 3],
    [3, 3],
    [3, 3, 3],
    [3, 3, 3],
    [3, 3, 3],
  ],
  E: [
    [3, 3],
    [3, 3],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
  ],
}

const named = (value: Configuration) => ({ value, label: text(value, value) })

const options = {
  configuration: choice({
    default: 'A' as Configuration,
    options: [named('A'), named('B'), named('C'), named('D'), named('E')],
    label: text('Configuration', '구성'),
    help: text('Columns of table 1 of the paper.', '논문 표 1의 열입니다.'),
  }),
  lrn: lrnOption(false),
  batchnorm: bool({
    default: false,
    label: text('Batch norm', '배치 정규화'),
    help: text(
      'Behind every convolution, as later practice has it; the paper is older than batch norm.',
      '모든 합성곱 뒤에 둡니다. 논문 이후에 나온 기법으로, 지금은 흔히 씁니다.',
    ),
  }),
  dropout: dropoutOption(0.5),
  initialization: choice({
    default: 'he' as 'he' | 'glorot' | 'paper',
    options: [
      {
        value: 'he',
        label: text(
          'He (2015), dense layers N(0, 0.01), as torchvision',
          'He (2015), 완전 연결 레이어는 torchvision처럼 N(0, 0.01)',
        ),
      },
      {
        value: 'glorot',
        label: text('Glorot (2010), as a remark in the paper', 'Glorot (2010), 논문의 각주'),
      },
      { value: 'paper', label: text('N(0, variance 0.01), as in the paper', 'N(0, 분산 0.01), 논문 본문') },
    ],
    label: text('Initialization', '초기화'),
    help: text(
      "The paper's own normal distribution needs the weights of a trained A in the deeper ones.",
      '논문의 정규분포로 시작하려면 깊은 구성에는 학습된 A의 가중치가 필요합니다.',
    ),
  }),
  width: widthOption(64),
  size: sizeOption(224, 32),
  classes: classesOption(1000),
}
type Options = ParamsOf<typeof options>

const glorot = { initializer: 'glorot-normal' } as const
const paper = { initializer: 'normal', initScale: 0.1 } as const
/** He's for the dense layers too makes the paper's rate of 0.01 diverge within three steps. */
const STARTS = {
  he: { conv: {}, dense: { initializer: 'normal', initScale: 0.01 } },
  glorot: { conv: glorot, dense: glorot },
  paper: { conv: paper, dense: paper },
} as const

function layers(net: NetworkBuilder, o: Options): void {
  const start = STARTS[o.initialization]
  imageInput(net, o.size)
  for (const [stage, kernels] of KERNELS[o.configuration].entries())
    net.group(`stage${stage + 1}`, () => {
      const filters = o.width * Math.min(8, 2 ** stage)
      for (const [i, kernel] of kernels.entries()) {
        const name = `conv${stage + 1}_${i + 1}`
        net.add('conv2d', name, { filters, ...square(kernel), ...start.conv })
        if (o.batchnorm) net.add('batchnorm', `${name}-bn`)
        net.add('relu', `${name}-relu`)
        if (o.lrn && stage === 0 && i === 0) net.add('lrn', 'norm1')
      }
      net.add('maxpool2d', `pool${stage + 1}`)
    })
  net.add('flatten', 'flatten')
  for (const name of ['fc6', 'fc7']) {
    net.add('dense', name, { units: 64 * o.width, ...start.dense })
    net.add('relu', `${name}-relu`)
    if (o.dropout > 0) net.add('dropout', `${name}-dropout`, { rate: o.dropout })
  }
  net.add('dense', 'fc8', { units: o.classes, ...start.dense })
}

const spec: FamilySpec<typeof options> = {
  family: { id: 'vgg', title: text('VGG', 'VGG'), shown: 'vgg-d' },
  year: 2014,
  paper: {
    citation:
      'Simonyan and Zisserman, Very deep convolutional networks for large-scale image recognition, 2014',
    url: 'https://arxiv.org/abs/1409.1556',
  },
  summary: text(
    'Only 3×3 filters, stacked: three see what one 7×7 sees, with 27 weights a channel pair instead of 49.',
    '3×3 필터만 쌓습니다. 세 개면 7×7과 같은 영역을 보면서 가중치는 49개가 아니라 27개입니다.',
  ),
  task: 'imagenet',
  data: null,
  recipe: convnetRecipe(256, 74),
  paperRecipe: text(
    'SGD, rate 0.01 divided by 10 on plateaus (3 times), batch 256, weight decay 5e-4, momentum 0.9, 370,000 steps (74 epochs). Random 224 crops of the rescaled image (S = 256, 384 or 256 to 512), mirror images, colour shift. N(0, variance 0.01), biases 0; the first four convolutions and the dense layers of the deeper ones start from a trained A.',
    'SGD, 학습률 0.01에서 정체되면 1/10(3회), 배치 256, 가중치 감쇠 5e-4, 모멘텀 0.9, 37만 스텝(74에폭). 크기를 바꾼 이미지(S = 256, 384 또는 256~512)에서 224 무작위 크롭, 좌우 반전, 색 변형. N(0, 분산 0.01), 편향 0. 깊은 구성은 앞 합성곱 4개와 완전 연결 레이어를 학습된 A에서 가져옵니다.',
  ),
  options,
  layers,
}

const member = (configuration: Configuration, trainable: number, depth: number, top5: string) => ({
  id: `vgg-${configuration.toLowerCase()}`,
  title: text(`VGG ${configuration} (${depth})`, `VGG ${configuration} (${depth})`),
  variant: text(configuration, configuration),
  figures: { trainable, nonTrainable: 0, depth },
  published: {
    measure: text('ImageNet validation, top-5, one scale (256)', 'ImageNet 검증, top-5, 단일 크기(256)'),
    value: `${top5}%`,
  },
  set: { configuration },
})

const a = member('A', 132_863_336, 11, '10.4')

export const vggs = familyOf(spec, [
  a,
  {
    ...a,
    ...{ id: 'vgg-a-lrn', title: text('VGG A-LRN', 'VGG A-LRN'), variant: text('A-LRN', 'A-LRN') },
    published: { ...a.published, value: '10.5%' },
    set: { configuration: 'A', lrn: true },
  },
  member('B', 133_047_848, 13, '9.9'),
  { ...member('C', 133_638_952, 16, '9.4'), title: text('VGG C (16, with 1×1)', 'VGG C (16, 1×1 포함)') },
  {
    ...member('D', 138_357_544, 16, '8.8'),
    title: text('VGG D (VGG16)', 'VGG D (VGG16)'),
    quoted: text(
      'Its three dense layers are quoted as “122 million” parameters, a rounded figure; they hold 123,642,856.',
      '완전 연결 레이어 세 개의 파라미터가 ‘약 1억 2200만 개’로 인용되지만 어림한 값이며, 정확히는 123,642,856개입니다.',
    ),
  },
  { ...member('E', 143_667_240, 19, '9.0'), title: text('VGG E (VGG19)', 'VGG E (VGG19)') },
])
