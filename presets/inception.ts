import { axes, int, type ParamSpecs } from '../core/layers/params.ts'
import { text } from '../core/network/text.ts'
import { inceptionModule, naiveInceptionModule } from './blocks/inception.ts'
import { inceptionFamily } from './families.ts'
import { type FamilySpec, familyOf } from './family.ts'
import { sizeOption } from './options.ts'

const filters = (label: ReturnType<typeof text>, value: number) =>
  int({ default: value, min: 1, max: 8192, label })

const pair = (label: ReturnType<typeof text>, value: readonly [number, number]) =>
  axes({ default: value, axes: ['1x1', 'filters'], min: 1, max: 8192, label })

const naiveOptions = {
  one: filters(text('1×1', '1×1'), 64),
  three: filters(text('3×3', '3×3'), 128),
  five: filters(text('5×5', '5×5'), 32),
  size: sizeOption(256),
}

const reducedOptions = {
  one: filters(text('1×1', '1×1'), 64),
  three: pair(text('3×3, after its 1×1', '3×3과 그 앞의 1×1'), [96, 128]),
  five: pair(text('5×5, after its 1×1', '5×5와 그 앞의 1×1'), [16, 32]),
  pool: filters(text('Pool projection', '풀링 사영'), 32),
  size: sizeOption(256),
}

const common = {
  family: inceptionFamily,
  year: 2014,
  paper: {
    citation: 'Szegedy et al., Going deeper with convolutions, 2014',
    url: 'https://arxiv.org/abs/1409.4842',
  },
  task: 'imagenet',
  data: null,
  recipe: { optimizer: 'adam', learningRate: 1e-3, batch: 16, epochs: 10 },
  paperRecipe: null,
} satisfies Partial<FamilySpec<ParamSpecs>>

export const inceptionModules = [
  ...familyOf(
    {
      ...common,
      summary: text(
        'Filters of three sizes and pooling side by side; the maps are stacked and only grow.',
        '세 가지 크기의 필터와 풀링을 나란히 두고 맵을 쌓습니다. 채널은 늘어나기만 합니다.',
      ),
      options: naiveOptions,
      layers(net, { size, ...widths }) {
        net.add('input', 'input', { shape: [3, size, size] })
        naiveInceptionModule(net, widths)
      },
    },
    [
      {
        id: 'inception-naive',
        title: text('Naive inception module', '단순 Inception 모듈'),
        variant: text('Naive', '단순형'),
        figures: { trainable: 6_272, nonTrainable: 0, depth: 1 },
      },
    ],
  ),
  ...familyOf(
    {
      ...common,
      summary: text(
        'The inception module with 1×1 convolutions that thin the maps before the large filters.',
        '큰 필터 앞에서 1×1 합성곱으로 채널을 줄이는 Inception 모듈입니다.',
      ),
      options: reducedOptions,
      layers(net, { one, three, five, pool, size }) {
        net.add('input', 'input', { shape: [3, size, size] })
        const [threes, fives] = [three, five] as [[number, number], [number, number]]
        inceptionModule(net, '', { one, three: threes, five: fives, pool }, 'plain')
      },
    },
    [
      {
        id: 'inception',
        title: text('Inception module with 1×1 reduction', '1×1 축소가 있는 Inception 모듈'),
        variant: text('With 1×1', '1×1 포함'),
        figures: { trainable: 124_384, nonTrainable: 0, depth: 2 },
      },
    ],
  ),
]
