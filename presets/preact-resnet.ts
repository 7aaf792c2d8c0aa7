import { bool, choice, type ParamsOf } from '../core/layers/params.ts'
import { text } from '../core/network/text.ts'
import { imageInput, pooledHead } from './blocks/head.ts'
import { preactivationStage, type UnitOrder } from './blocks/preactivation.ts'
import type { NetworkBuilder } from './builder.ts'
import { unitsOf } from './cifar-depth.ts'
import { type FamilySpec, familyOf } from './family.ts'
import { classesOption, depthOption, shortcutOption, sizeOption, widthOption } from './options.ts'
import { cifarResidualRecipe } from './recipes.ts'

const options = {
  depth: depthOption(110, text('6n + 2, or 9n + 2 with bottlenecks.', '6n + 2, 병목 유닛이면 9n + 2입니다.')),
  unit: choice({
    default: 'e' as UnitOrder,
    options: [
      { value: 'a', label: text('(a) original', '(a) 원래 유닛') },
      { value: 'b', label: text('(b) BN after addition', '(b) 더한 뒤 BN') },
      { value: 'c', label: text('(c) ReLU before addition', '(c) 더하기 전 ReLU') },
      { value: 'd', label: text('(d) ReLU-only pre-activation', '(d) ReLU만 사전 활성화') },
      { value: 'e', label: text('(e) full pre-activation', '(e) 완전 사전 활성화') },
    ],
    label: text('Unit', '유닛'),
    help: text('The orders of figure 4 of the paper.', '논문 그림 4의 순서입니다.'),
  }),
  bottleneck: bool({ default: false, label: text('Bottlenecks', '병목 유닛') }),
  width: widthOption(16),
  shortcut: shortcutOption('A'),
  size: sizeOption(32),
  classes: classesOption(10),
}
type Options = ParamsOf<typeof options>

function layers(net: NetworkBuilder, { depth, unit, bottleneck, width, shortcut, ...o }: Options): void {
  const units = bottleneck ? unitsOf(depth, 9, 2) : unitsOf(depth, 6, 2)
  const form = { order: unit, bottleneck, shortcut, dropout: 0 }
  imageInput(net, o.size)
  net.add('conv2d', 'conv1', { filters: width, bias: false })
  // (e) takes the first unit's activation out in front of both of its paths; the others normalize conv1 itself
  net.add('batchnorm', 'conv1-bn')
  net.add('relu', 'conv1-relu')
  let channels = width
  for (const i of [0, 1, 2]) {
    const inner = width * 2 ** i
    const outer = bottleneck ? 4 * inner : inner
    const stage = { name: `conv${i + 2}`, units, width: inner, channels: outer, stride: i === 0 ? 1 : 2 }
    channels = preactivationStage(net, stage, form, channels, i === 0)
  }
  if (unit === 'e') net.add('batchnorm', 'final-bn')
  if (unit === 'd' || unit === 'e') net.add('relu', 'final-relu')
  pooledHead(net, o.classes)
}

const spec: FamilySpec<typeof options> = {
  family: {
    id: 'preact-resnet',
    title: text('Pre-activation ResNet', '사전 활성화 ResNet'),
    shown: 'preact-resnet-164',
  },
  year: 2016,
  paper: {
    citation: 'He et al., Identity mappings in deep residual networks, 2016',
    url: 'https://arxiv.org/abs/1603.05027',
  },
  summary: text(
    'Batch norm and ReLU move in front of the convolutions, so that shortcuts carry the signal unchanged through a thousand layers.',
    '배치 정규화와 ReLU를 합성곱 앞으로 옮겨, 지름길이 천 층을 지나도 신호를 그대로 전달합니다.',
  ),
  task: 'cifar',
  data: null,
  recipe: cifarResidualRecipe(true),
  paperRecipe: text(
    'SGD, 0.01 for the first 400 steps, then 0.1 divided by 10 at 32,000 and 48,000 of 64,000 steps, batch 128 (64 in the released code), weight decay 1e-4, momentum 0.9. 4 pixels of padding, random crops, mirror images.',
    'SGD, 처음 400스텝은 학습률 0.01, 이후 0.1로 64,000스텝 중 32,000과 48,000에서 1/10, 배치 128(공개 코드는 64), 가중치 감쇠 1e-4, 모멘텀 0.9. 4픽셀 패딩 후 무작위 크롭, 좌우 반전.',
  ),
  options,
  layers,
}

const member = (depth: number, trainable: number, nonTrainable: number, error: string) => ({
  id: `preact-resnet-${depth}`,
  title: text(`Pre-activation ResNet-${depth}`, `사전 활성화 ResNet-${depth}`),
  variant: text(`${depth}`, `${depth}`),
  figures: { trainable, nonTrainable, depth },
  published: { measure: text('CIFAR-10 test', 'CIFAR-10 테스트'), value: `${error}%` },
  set: { depth },
})
const bottleneck = { bottleneck: true, shortcut: 'B' } as const

export const preactResnets = familyOf(spec, [
  member(110, 1_727_962, 8_096, '6.37'),
  { ...member(164, 1_703_258, 24_224, '5.46'), set: { depth: 164, ...bottleneck } },
  { ...member(1001, 10_327_706, 149_216, '4.92'), set: { depth: 1001, ...bottleneck } },
])
