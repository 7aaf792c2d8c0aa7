import { bool, float, int, type ParamsOf } from '../core/layers/params.ts'
import { text } from '../core/network/text.ts'
import { convBnRelu, square } from './blocks/convolution.ts'
import { denseBlock, transition } from './blocks/dense.ts'
import { imageInput, pooledHead } from './blocks/head.ts'
import type { NetworkBuilder } from './builder.ts'
import { unitsOf } from './cifar-depth.ts'
import { denseFamily } from './families.ts'
import { type FamilySpec, familyOf } from './family.ts'
import { blocksOption, classesOption, depthOption, dropoutOption, sizeOption } from './options.ts'
import { OptionError } from './preset.ts'
import { cifarDenseRecipe, imagenetRecipe } from './recipes.ts'

/** Layers a block by depth (table 1 of the paper, and 161 of the released models). */
const LAYERS: Readonly<Record<number, readonly number[]>> = {
  121: [6, 12, 24, 16],
  161: [6, 12, 36, 24],
  169: [6, 12, 32, 32],
  201: [6, 12, 48, 32],
  264: [6, 12, 64, 48],
}
const DEPTHS = Object.keys(LAYERS).join(', ')

const shared = (growth: number) => ({
  growth: int({
    default: growth,
    min: 1,
    max: 512,
    label: text('Growth rate', '성장률'),
    help: text('Maps that each layer adds (k).', '레이어마다 더해지는 맵의 수(k)입니다.'),
  }),
  compression: float({
    default: 0.5,
    min: 0.05,
    max: 1,
    label: text('Compression', '압축률'),
    help: text('Share of the maps that transitions keep.', '전이 레이어가 남기는 맵의 비율입니다.'),
  }),
  dropout: dropoutOption(0),
})

const options = {
  depth: depthOption(
    121,
    text(
      `One of ${DEPTHS}; 161 goes with growth 48.`,
      `${DEPTHS} 중 하나입니다. 161은 성장률 48과 함께 씁니다.`,
    ),
  ),
  blocks: blocksOption(),
  ...shared(32),
  size: sizeOption(224, 32),
  classes: classesOption(1000),
}

function layers(net: NetworkBuilder, o: ParamsOf<typeof options>): void {
  const { depth, blocks, growth, compression, dropout } = o
  const counts = blocks.some((count) => count > 0) ? blocks.filter((count) => count > 0) : LAYERS[depth]
  if (!counts) throw noSuchDepth(depth)
  imageInput(net, o.size)
  convBnRelu(net, 'conv0', { filters: 2 * growth, kernel: 7, stride: 2 })
  net.add('maxpool2d', 'pool0', { kernel: [3, 3], stride: [2, 2], padding: 'explicit', pads: [1, 1, 1, 1] })
  denseBody(net, counts, 2 * growth, compression, { growth, bottleneck: 4, dropout })
  pooledHead(net, o.classes)
}

function denseBody(
  net: NetworkBuilder,
  counts: readonly number[],
  start: number,
  compression: number,
  form: Parameters<typeof denseBlock>[4],
): void {
  let channels = start
  for (const [i, count] of counts.entries()) {
    if (i > 0) channels = transition(net, i, channels, compression)
    channels = denseBlock(net, i + 1, count, channels, form)
  }
  net.add('batchnorm', 'final-bn')
  net.add('relu', 'final-relu')
}

const noSuchDepth = (depth: number): OptionError =>
  new OptionError(
    'depth',
    text(
      `There is no table of blocks for depth ${depth}: use one of ${DEPTHS}, or set blocks.`,
      `깊이 ${depth}에 대한 블록 표가 없습니다. ${DEPTHS} 중 하나를 쓰거나 blocks를 설정해 주세요.`,
    ),
  )

const spec: FamilySpec<typeof options> = {
  family: denseFamily,
  year: 2016,
  paper: {
    citation: 'Huang et al., Densely connected convolutional networks, 2016',
    url: 'https://arxiv.org/abs/1608.06993',
  },
  summary: text(
    'Every layer reads the maps of all layers before it, so that each has to add only a few.',
    '모든 레이어가 앞선 레이어 전부의 맵을 읽습니다. 그래서 레이어마다 조금씩만 더하면 됩니다.',
  ),
  task: 'imagenet',
  data: null,
  recipe: imagenetRecipe(true),
  paperRecipe: text(
    'SGD with Nesterov momentum 0.9, rate 0.1 divided by 10 at epochs 30 and 60 of 90, batch 256, weight decay 1e-4, He initialization.',
    'Nesterov 모멘텀 0.9의 SGD, 학습률 0.1, 90에폭 중 30과 60에서 1/10, 배치 256, 가중치 감쇠 1e-4, He 초기화.',
  ),
  options,
  layers,
}

const member = (depth: number, longest: number, counts: readonly [number, number], top5: string) => ({
  id: `densenet-${depth}`,
  title: text(`DenseNet-${depth}`, `DenseNet-${depth}`),
  variant: text(`${depth}`, `${depth}`),
  figures: { trainable: counts[0], nonTrainable: counts[1], depth: longest },
  published: {
    measure: text('ImageNet validation, top-5, 10 crops', 'ImageNet 검증, top-5, 10-crop'),
    value: `${top5}%`,
  },
  set: { depth },
})

export const densenets = familyOf(spec, [
  member(121, 121, [7_978_856, 83_648], '6.66'),
  member(169, 169, [14_149_480, 158_400], '5.92'),
  member(201, 201, [20_013_928, 229_056], '5.54'),
  member(264, 265, [33_337_704, 398_528], '5.29'),
])

const cifarOptions = {
  depth: depthOption(
    100,
    text('6n + 4 with bottlenecks, 3n + 4 without.', '병목이 있으면 6n + 4, 없으면 3n + 4입니다.'),
  ),
  bottleneck: bool({ default: true, label: text('Bottlenecks', '병목 레이어') }),
  ...shared(12),
  size: sizeOption(32),
  classes: classesOption(10),
}

/** DenseNet-BC starts with 2k channels; without both letters (no compression, no bottleneck) with 16. */
function cifarLayers(net: NetworkBuilder, o: ParamsOf<typeof cifarOptions>): void {
  const { growth, compression, dropout, bottleneck } = o
  const count = unitsOf(o.depth, bottleneck ? 6 : 3, 4)
  const start = bottleneck && compression < 1 ? 2 * growth : 16
  imageInput(net, o.size)
  net.add('conv2d', 'conv0', { filters: start, ...square(3), bias: false })
  const form = { growth, bottleneck: bottleneck ? 4 : 0, dropout }
  denseBody(net, [count, count, count], start, compression, form)
  pooledHead(net, o.classes)
}

export const cifarDensenets = familyOf(
  {
    ...spec,
    task: 'cifar',
    recipe: cifarDenseRecipe(),
    paperRecipe: text(
      'SGD with Nesterov momentum 0.9, rate 0.1 divided by 10 at half and three quarters of 300 epochs, batch 64, weight decay 1e-4. 4 pixels of padding, random crops and mirror images; dropout 0.2 only where images are not varied.',
      'Nesterov 모멘텀 0.9의 SGD, 학습률 0.1, 300에폭의 1/2과 3/4 지점에서 1/10, 배치 64, 가중치 감쇠 1e-4. 4픽셀 패딩 후 무작위 크롭, 좌우 반전. 이미지를 변형하지 않을 때만 드롭아웃 0.2.',
    ),
    options: cifarOptions,
    layers: cifarLayers,
  },
  [
    {
      id: 'densenet-bc-100',
      title: text('DenseNet-BC (L=100, k=12)', 'DenseNet-BC (L=100, k=12)'),
      variant: text('BC-100 (CIFAR)', 'BC-100 (CIFAR)'),
      figures: { trainable: 769_162, nonTrainable: 23_988, depth: 100 },
      published: { measure: text('CIFAR-10 test', 'CIFAR-10 테스트'), value: '4.51%' },
    },
  ],
)
