import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { axes, choice } from './params.ts'

export const input = defineLayer({
  kind: 'input',
  title: text('Input', '입력'),
  category: 'input',
  version: 1,
  inputs: [],
  summary: text(
    'Where images enter: their size, and how pixels become numbers.',
    '이미지가 들어오는 곳입니다. 크기와, 픽셀을 숫자로 바꾸는 방법을 정합니다.',
  ),
  params: {
    shape: axes({
      default: [1, 28, 28],
      axes: ['C', 'H', 'W'],
      alternatives: [
        ['C', 'L'],
        ['C', 'D', 'H', 'W'],
      ],
      min: 1,
      max: 1_000_000,
      label: text('Shape', '형태'),
      help: text(
        'Channels, height and width of one image as the network sees it; channels and length of a sequence; channels, depth, height and width of a volume or a clip.',
        '네트워크에 들어오는 이미지 한 장의 채널 수, 높이, 너비입니다. 시퀀스는 채널 수와 길이, 볼륨이나 클립은 채널 수, 깊이, 높이, 너비입니다.',
      ),
      shownOnNode: true,
    }),
    fit: choice({
      default: 'resize' as 'pad' | 'resize',
      options: [
        { value: 'pad', label: text('Pad', '채우기') },
        { value: 'resize', label: text('Resize', '크기 조정') },
      ],
      label: text('Fit', '맞춤'),
      help: text(
        'How images of another size get there: background around them (nothing is cut), or resampling.',
        '크기가 다른 이미지를 맞추는 방법입니다. 둘레를 배경으로 채우거나(잘라 내지 않습니다) 다시 샘플링합니다.',
      ),
    }),
    normalization: choice({
      default: 'zero-one' as 'zero-one' | 'lenet' | 'standardize',
      options: [
        { value: 'zero-one', label: text('0 to 1', '0~1') },
        { value: 'lenet', label: text('LeNet (-0.1 to 1.175)', 'LeNet (-0.1~1.175)') },
        { value: 'standardize', label: text('Standardize', '표준화') },
      ],
      label: text('Normalization', '정규화'),
      help: text(
        'How pixel values are scaled. LeNet: background -0.1, ink 1.175. Standardize: mean 0 and deviation 1 over the training set, per channel.',
        '픽셀 값의 범위를 정합니다. LeNet: 배경 -0.1, 잉크 1.175. 표준화: 채널별로 학습 데이터의 평균 0, 표준편차 1이 됩니다.',
      ),
    }),
  },
  inferShape: ({ shape }) => shape,
  /** The batch is handed in by whoever runs the program, in place of a wire. */
  forward: (_b, _params, inputs) => inputs[0]!,
  examples: [
    { inputs: [], output: [1, 28, 28], trainable: 0, macs: 0 },
    { params: { shape: [1, 32_000] }, inputs: [], output: [1, 32_000], trainable: 0, macs: 0 },
    { params: { shape: [3, 8, 12, 12] }, inputs: [], output: [3, 8, 12, 12], trainable: 0, macs: 0 },
    { params: { shape: [3, 224, 224] }, inputs: [], output: [3, 224, 224], trainable: 0, macs: 0 },
  ],
})
