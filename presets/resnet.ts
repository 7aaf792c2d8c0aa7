import { choice, float, type ParamsOf } from '../core/layers/params.ts'
import { text } from '../core/network/text.ts'
import { convBnRelu } from './blocks/convolution.ts'
import { imageInput, pooledHead } from './blocks/head.ts'
import { residualStage } from './blocks/residual.ts'
import type { NetworkBuilder } from './builder.ts'
import { plainFamily, wideFamily } from './families.ts'
import { type FamilySpec, familyOf } from './family.ts'
import {
  blocksOption,
  classesOption,
  depthOption,
  type Shortcut,
  shortcutOption,
  sizeOption,
  widthOption,
} from './options.ts'
import { OptionError } from './preset.ts'
import { imagenetRecipe } from './recipes.ts'

/** Units a stage by depth (table 1 of the paper); up to 34 of two convolutions, from 50 bottlenecks. */
const UNITS: Readonly<Record<number, readonly number[]>> = {
  10: [1, 1, 1, 1],
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
  152: [3, 8, 36, 3],
  200: [3, 24, 36, 3],
}

const options = {
  depth: depthOption(
    18,
    text(`One of ${Object.keys(UNITS).join(', ')}.`, `${Object.keys(UNITS).join(', ')} 중 하나입니다.`),
  ),
  blocks: blocksOption(),
  unit: choice({
    default: 'depth' as 'depth' | 'basic' | 'bottleneck',
    options: [
      { value: 'depth', label: text('As the depth says', '깊이에 따름') },
      { value: 'basic', label: text('Two 3×3', '3×3 두 개') },
      { value: 'bottleneck', label: text('Bottleneck', '병목') },
    ],
    label: text('Unit', '유닛'),
  }),
  width: widthOption(64),
  widen: float({
    default: 1,
    min: 0.125,
    max: 16,
    label: text('Widen', '확장'),
    help: text(
      'Factor of the channels inside units: 2 in WRN-50-2.',
      '유닛 안쪽 채널 수의 배수입니다. WRN-50-2는 2입니다.',
    ),
  }),
  shortcut: shortcutOption('B'),
  stride: choice({
    default: '1x1' as '1x1' | '3x3',
    options: [
      { value: '1x1', label: text('In the first 1×1 (paper)', '첫 1×1 (논문)') },
      { value: '3x3', label: text('In the 3×3 (v1.5)', '3×3 (v1.5)') },
    ],
    label: text('Stride of bottlenecks', '병목의 스트라이드 위치'),
  }),
  size: sizeOption(224, 32),
  classes: classesOption(1000),
}
type Options = ParamsOf<typeof options>

function layers(net: NetworkBuilder, { depth, blocks, unit, width, widen, ...o }: Options): void {
  const given = blocks.some((units) => units > 0)
  const units = given ? blocks : UNITS[depth]
  if (!units) throw noSuchDepth(depth)
  const bottleneck = unit === 'bottleneck' || (unit === 'depth' && depth >= 50)
  const form = { bottleneck, shortcut: o.shortcut as Shortcut, strideIn: o.stride }
  imageInput(net, o.size)
  convBnRelu(net, 'conv1', { filters: width, kernel: 7, stride: 2 })
  net.add('maxpool2d', 'pool1', { kernel: [3, 3], stride: [2, 2], padding: 'explicit', pads: [1, 1, 1, 1] })
  let channels = width
  for (const [i, count] of units.entries()) {
    if (count === 0) continue
    const base = width * 2 ** i
    const inner = Math.round(base * widen)
    const stage = { name: `conv${i + 2}`, units: count, width: inner, stride: i === 0 ? 1 : 2 }
    channels = residualStage(net, { ...stage, channels: bottleneck ? 4 * base : inner }, form, channels)
  }
  pooledHead(net, o.classes)
}

const noSuchDepth = (depth: number): OptionError =>
  new OptionError(
    'depth',
    text(
      `There is no table of units for depth ${depth}: use one of ${Object.keys(UNITS).join(', ')}, or set blocks.`,
      `깊이 ${depth}에 대한 유닛 표가 없습니다. ${Object.keys(UNITS).join(', ')} 중 하나를 쓰거나 blocks를 설정해 주세요.`,
    ),
  )

const spec: FamilySpec<typeof options> = {
  family: { id: 'resnet', title: text('ResNet', 'ResNet'), shown: 'resnet-50' },
  year: 2015,
  paper: {
    citation: 'He et al., Deep residual learning for image recognition, 2015',
    url: 'https://arxiv.org/abs/1512.03385',
  },
  summary: text(
    'Shortcuts add the input of a unit to its output, so that its layers learn a residual: depth stops hurting.',
    '지름길이 유닛의 입력을 출력에 더해, 레이어들은 나머지(잔차)만 학습합니다. 깊어져도 성능이 나빠지지 않습니다.',
  ),
  task: 'imagenet',
  data: null,
  recipe: imagenetRecipe(false),
  paperRecipe: text(
    'SGD, rate 0.1 divided by 10 when the error plateaus, batch 256, weight decay 1e-4, momentum 0.9, up to 600,000 steps. Shorter side drawn from 256 to 480, 224 crops, mirror images, per-pixel mean, colour shift. He initialization, no dropout.',
    'SGD, 학습률 0.1에서 시작해 오류가 정체되면 1/10, 배치 256, 가중치 감쇠 1e-4, 모멘텀 0.9, 최대 60만 스텝. 짧은 변을 256~480에서 무작위로 정한 뒤 224 크롭, 좌우 반전, 픽셀 평균 제거, 색 변형. He 초기화, 드롭아웃 없음.',
  ),
  options,
  layers,
}

const tenCrop = (top1: string, top5?: string) => ({
  measure: top5
    ? text('ImageNet validation, top-5, 10 crops', 'ImageNet 검증, top-5, 10-crop')
    : text('ImageNet validation, top-1, 10 crops', 'ImageNet 검증, top-1, 10-crop'),
  value: `${top5 ?? top1}%`,
})

const member = (depth: number, trainable: number, nonTrainable: number, top1: string, top5?: string) => ({
  id: `resnet-${depth}`,
  title: text(`ResNet-${depth}`, `ResNet-${depth}`),
  variant: text(`${depth}`, `${depth}`),
  figures: { trainable, nonTrainable, depth },
  published: tenCrop(top1, top5),
  set: { depth },
})

export const resnets = familyOf(spec, [
  member(18, 11_689_512, 9_600, '27.88'),
  member(34, 21_797_672, 17_024, '24.52', '7.46'),
  member(50, 25_557_032, 53_120, '22.85', '6.71'),
  member(101, 44_549_160, 105_344, '21.75', '6.05'),
  member(152, 60_192_808, 151_424, '21.43', '5.71'),
])

const plain = (depth: number, trainable: number, nonTrainable: number, top1: string, top5?: string) => ({
  ...member(depth, trainable, nonTrainable, top1, top5),
  id: `plain-${depth}`,
  title: text(`Plain-${depth}`, `Plain-${depth}`),
  set: { depth, shortcut: 'none' as const },
})

export const plainNets = familyOf(
  {
    ...spec,
    family: plainFamily,
    summary: text(
      'The same layers as ResNet without its shortcuts: 34 layers do worse than 18, in training too.',
      'ResNet과 같은 레이어에서 지름길만 뺐습니다. 34층이 18층보다 학습 오류까지 나빠집니다.',
    ),
  },
  [plain(18, 11_515_688, 7_808, '27.94'), plain(34, 21_623_848, 15_232, '28.54', '10.02')],
)

export const wideBottleneck = familyOf(
  {
    ...spec,
    family: wideFamily,
    year: 2016,
    paper: {
      citation: 'Zagoruyko and Komodakis, Wide residual networks, 2016',
      url: 'https://arxiv.org/abs/1605.07146',
    },
    summary: text(
      'ResNet-50 with twice the channels inside its bottlenecks.',
      'ResNet-50의 병목 안쪽 채널을 두 배로 늘렸습니다.',
    ),
  },
  [
    {
      id: 'wrn-50-2',
      title: text('Wide ResNet 50-2', 'Wide ResNet 50-2'),
      variant: text('50-2', '50-2'),
      figures: { trainable: 68_883_240, nonTrainable: 68_224, depth: 50 },
      published: {
        measure: text('ImageNet validation, top-5, 1 crop', 'ImageNet 검증, top-5, 1-crop'),
        value: '6.03%',
      },
      set: { depth: 50, widen: 2, stride: '3x3' },
    },
  ],
)
