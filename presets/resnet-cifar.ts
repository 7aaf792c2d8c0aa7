import type { ParamsOf } from '../core/layers/params.ts'
import { text } from '../core/network/text.ts'
import { convBnRelu } from './blocks/convolution.ts'
import { imageInput, pooledHead } from './blocks/head.ts'
import { residualStage } from './blocks/residual.ts'
import type { NetworkBuilder } from './builder.ts'
import { unitsOf } from './cifar-depth.ts'
import { plainFamily } from './families.ts'
import { type FamilySpec, familyOf } from './family.ts'
import { classesOption, depthOption, shortcutOption, sizeOption, widthOption } from './options.ts'
import { cifarResidualRecipe } from './recipes.ts'

const options = {
  depth: depthOption(
    20,
    text('6n + 2: 20, 32, 44, 56, 110, 1202 ...', '6n + 2입니다: 20, 32, 44, 56, 110, 1202 …'),
  ),
  width: widthOption(16),
  shortcut: shortcutOption('A'),
  size: sizeOption(32),
  classes: classesOption(10),
}
type Options = ParamsOf<typeof options>

function layers(net: NetworkBuilder, { depth, width, shortcut, size, classes }: Options): void {
  const units = unitsOf(depth, 6, 2)
  const form = { bottleneck: false, shortcut, strideIn: '3x3' } as const
  imageInput(net, size)
  convBnRelu(net, 'conv1', { filters: width, kernel: 3 })
  let channels = width
  for (const i of [0, 1, 2]) {
    const filters = width * 2 ** i
    const stage = { name: `conv${i + 2}`, units, width: filters, channels: filters, stride: i === 0 ? 1 : 2 }
    channels = residualStage(net, stage, form, channels)
  }
  pooledHead(net, classes)
}

const spec: FamilySpec<typeof options> = {
  family: { id: 'resnet-cifar', title: text('ResNet for CIFAR', 'CIFAR용 ResNet') },
  year: 2015,
  paper: {
    citation: 'He et al., Deep residual learning for image recognition, 2015, section 4.2',
    url: 'https://arxiv.org/abs/1512.03385',
  },
  summary: text(
    'The residual network small enough to train at home: three stages of 16, 32 and 64 channels, shortcuts without weights.',
    '집에서도 학습할 수 있는 작은 잔차 네트워크입니다. 채널 16, 32, 64의 세 단계와 가중치 없는 지름길로 이루어집니다.',
  ),
  task: 'cifar',
  data: null,
  recipe: ({ depth }) => cifarResidualRecipe(depth >= 110),
  paperRecipe: text(
    'SGD, rate 0.1 divided by 10 at 32,000 and 48,000 of 64,000 steps (ResNet-110 begins at 0.01 for about 400), batch 128, weight decay 1e-4, momentum 0.9. 4 pixels of padding, random crops, mirror images. 45,000 training images.',
    'SGD, 학습률 0.1, 전체 64,000스텝 중 32,000과 48,000에서 1/10(ResNet-110은 처음 약 400스텝을 0.01로 시작), 배치 128, 가중치 감쇠 1e-4, 모멘텀 0.9. 4픽셀 패딩 후 무작위 크롭, 좌우 반전. 학습 이미지 45,000장.',
  ),
  options,
  layers,
}

const member = (depth: number, trainable: number, nonTrainable: number, error: string) => ({
  id: `resnet-${depth}-cifar`,
  title: text(`ResNet-${depth} (CIFAR)`, `ResNet-${depth} (CIFAR)`),
  variant: text(`${depth}`, `${depth}`),
  figures: { trainable, nonTrainable, depth },
  published: { measure: text('CIFAR-10 test', 'CIFAR-10 테스트'), value: `${error}%` },
  set: { depth },
})

export const cifarResnets = familyOf(spec, [
  member(20, 269_722, 1_376, '8.75'),
  member(32, 464_154, 2_272, '7.51'),
  member(44, 658_586, 3_168, '7.17'),
  member(56, 853_018, 4_064, '6.97'),
  member(110, 1_727_962, 8_096, '6.43'),
])

const plain = (depth: number, trainable: number, nonTrainable: number) => ({
  id: `plain-${depth}-cifar`,
  title: text(`Plain-${depth} (CIFAR)`, `Plain-${depth} (CIFAR)`),
  variant: text(`${depth} CIFAR`, `${depth} CIFAR`),
  figures: { trainable, nonTrainable, depth },
  set: { depth, shortcut: 'none' as const },
})

export const cifarPlainNets = familyOf(
  {
    ...spec,
    family: plainFamily,
    summary: text(
      'ResNet for CIFAR without shortcuts: 56 layers end with a larger training error than 20.',
      'CIFAR용 ResNet에서 지름길을 뺐습니다. 56층의 학습 오류가 20층보다 큽니다.',
    ),
  },
  [plain(20, 269_722, 1_376), plain(56, 853_018, 4_064)],
)
