import type { ParamsOf } from '../core/layers/params.ts'
import { text } from '../core/network/text.ts'
import type { NetworkBuilder } from './builder.ts'
import { familyOf } from './family.ts'
import { classesOption, dropoutOption, sizeOption, widthOption } from './options.ts'

/** Convolutions of each stage and their channels as multiples of the width (figure 3 of the paper). */
const STAGES = [
  { names: ['1a'], factor: 1 },
  { names: ['2a'], factor: 2 },
  { names: ['3a', '3b'], factor: 4 },
  { names: ['4a', '4b'], factor: 8 },
  { names: ['5a', '5b'], factor: 8 },
] as const

const options = {
  frames: { ...sizeOption(16), label: text('Frames', '프레임 수') },
  size: sizeOption(112, 32),
  width: widthOption(64),
  dropout: dropoutOption(0.5),
  classes: classesOption(101),
}

function layers(
  net: NetworkBuilder,
  { frames, size, width, dropout, classes }: ParamsOf<typeof options>,
): void {
  net.add('input', 'input', { shape: [3, frames, size, size], normalization: 'standardize' })
  for (const [stage, { names, factor }] of STAGES.entries()) {
    for (const name of names) {
      net.add('conv3d', `conv${name}`, { filters: width * factor })
      net.add('relu', `conv${name}-relu`)
    }
    const first = stage === 0
    // pool1 keeps every frame; the last one rounds 7 up to 4
    const step = first ? [1, 2, 2] : [2, 2, 2]
    net.add('maxpool3d', `pool${stage + 1}`, { kernel: step, stride: step, ceil: stage === 4 })
  }
  net.add('flatten', 'flatten')
  for (const name of ['fc6', 'fc7']) {
    net.add('dense', name, { units: 64 * width })
    net.add('relu', `${name}-relu`)
    if (dropout > 0) net.add('dropout', `${name}-dropout`, { rate: dropout })
  }
  net.add('dense', 'fc8', { units: classes })
}

export const c3ds = familyOf(
  {
    family: { id: 'c3d', title: text('C3D', 'C3D') },
    year: 2015,
    paper: {
      citation: 'Tran et al., Learning spatiotemporal features with 3D convolutional networks, 2015',
      url: 'https://arxiv.org/abs/1412.0767',
    },
    summary: text(
      'Filters of 3×3×3 slide over space and time: video clips of 16 frames as one volume.',
      '3×3×3 필터가 공간과 시간 위를 함께 움직입니다. 16프레임 클립을 하나의 볼륨으로 봅니다.',
    ),
    task: 'video',
    data: null,
    recipe: {
      optimizer: 'sgd',
      momentum: 0.9,
      learningRate: 0.003,
      weightDecay: 5e-3,
      batch: 30,
      epochs: 16,
      schedule: { type: 'step', every: 4, unit: 'epochs', factor: 0.1 },
    },
    paperRecipe: text(
      'SGD, rate 0.003, batch 30, momentum 0.9: divided by 10 every 4 of 16 epochs on UCF101, halved every 150,000 of 1.9 million steps on Sports-1M. 16 frames of 128×171, random 112×112 crops, mirror images. Weight decay 5e-3 in the released UCF101 solver.',
      'SGD, 학습률 0.003, 배치 30, 모멘텀 0.9. UCF101은 16에폭 중 4에폭마다 1/10, Sports-1M은 190만 스텝 중 15만마다 1/2. 128×171 프레임 16장, 112×112 무작위 크롭, 좌우 반전. 공개된 UCF101 설정의 가중치 감쇠는 5e-3.',
    ),
    options,
    layers,
  },
  [
    {
      id: 'c3d',
      title: text('C3D: 3D ConvNet on video clips', 'C3D: 비디오 클립용 3D ConvNet'),
      variant: text('Video clips, 16 frames', '비디오 클립, 16프레임'),
      figures: { trainable: 78_409_573, nonTrainable: 0, depth: 11 },
      published: {
        measure: text(
          'UCF101, C3D features and a linear SVM (accuracy 82.3%)',
          'UCF101, C3D 특징과 선형 SVM (정확도 82.3%)',
        ),
        value: '17.7%',
      },
    },
  ],
)
