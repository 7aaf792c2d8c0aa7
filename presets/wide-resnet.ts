import type { ParamsOf } from '../core/layers/params.ts'
import { text } from '../core/network/text.ts'
import { imageInput, pooledHead } from './blocks/head.ts'
import { preactivationStage } from './blocks/preactivation.ts'
import type { NetworkBuilder } from './builder.ts'
import { unitsOf } from './cifar-depth.ts'
import { wideFamily } from './families.ts'
import { type FamilySpec, familyOf } from './family.ts'
import { classesOption, depthOption, dropoutOption, sizeOption, widthOption } from './options.ts'
import { wideRecipe } from './recipes.ts'

const options = {
  depth: depthOption(
    28,
    text(
      '6n + 4: 16, 22, 28, 40. The paper counts projections and leaves out the last layer.',
      '6n + 4입니다: 16, 22, 28, 40. 논문은 사영을 세고 마지막 레이어는 빼고 셉니다.',
    ),
  ),
  width: {
    ...widthOption(10),
    help: text('Factor k of the channels 16, 32 and 64.', '채널 16, 32, 64에 곱하는 배수 k입니다.'),
  },
  dropout: dropoutOption(0),
  size: sizeOption(32),
  classes: classesOption(10),
}
type Options = ParamsOf<typeof options>

function layers(net: NetworkBuilder, { depth, width, dropout, size, classes }: Options): void {
  const units = unitsOf(depth, 6, 4)
  const form = { order: 'e', bottleneck: false, shortcut: 'B', dropout } as const
  imageInput(net, size)
  net.add('conv2d', 'conv1', { filters: 16, bias: false })
  let channels = 16
  for (const i of [0, 1, 2]) {
    const filters = 16 * 2 ** i * width
    const stage = { name: `conv${i + 2}`, units, width: filters, channels: filters, stride: i === 0 ? 1 : 2 }
    channels = preactivationStage(net, stage, form, channels, false)
  }
  net.add('batchnorm', 'final-bn')
  net.add('relu', 'final-relu')
  pooledHead(net, classes)
}

const spec: FamilySpec<typeof options> = {
  family: wideFamily,
  year: 2016,
  paper: {
    citation: 'Zagoruyko and Komodakis, Wide residual networks, 2016',
    url: 'https://arxiv.org/abs/1605.07146',
  },
  summary: text(
    'Fewer, wider residual units reach what a thousand thin layers do, in a fraction of the time.',
    '적지만 넓은 잔차 유닛으로, 얇은 천 층의 성능을 훨씬 짧은 시간에 얻습니다.',
  ),
  task: 'cifar',
  data: null,
  recipe: wideRecipe(),
  paperRecipe: text(
    'SGD with Nesterov momentum 0.9, rate 0.1 times 0.2 at epochs 60, 120 and 160 of 200, batch 128, weight decay 5e-4. Mirror images and random crops from 4 reflected pixels. Dropout 0.3 between the convolutions in the dropout version.',
    'Nesterov 모멘텀 0.9의 SGD, 학습률 0.1, 200에폭 중 60, 120, 160에서 0.2배, 배치 128, 가중치 감쇠 5e-4. 좌우 반전, 4픽셀 반사 패딩 후 무작위 크롭. 드롭아웃판은 합성곱 사이에 0.3.',
  ),
  options,
  layers,
}

const member = (depth: number, width: number, error: string) => ({
  id: `wrn-${depth}-${width}`,
  title: text(`Wide ResNet ${depth}-${width}`, `Wide ResNet ${depth}-${width}`),
  variant: text(`${depth}-${width}`, `${depth}-${width}`),
  published: { measure: text('CIFAR-10 test', 'CIFAR-10 테스트'), value: `${error}%` },
  set: { depth, width },
})

export const wideResnets = familyOf(spec, [
  {
    ...member(28, 10, '4.00'),
    figures: { trainable: 36_479_194, nonTrainable: 17_952, depth: 26 },
  },
  {
    ...member(16, 8, '4.27'),
    figures: { trainable: 10_961_370, nonTrainable: 7_200, depth: 14 },
  },
])
