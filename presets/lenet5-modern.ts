import type { ParamsOf } from '../core/layers/params.ts'
import { text } from '../core/network/text.ts'
import type { NetworkBuilder } from './builder.ts'
import { lenetFamily } from './families.ts'
import { familyOf } from './family.ts'
import { classesOption } from './options.ts'
import type { Preset } from './preset.ts'

const options = { classes: classesOption(10) }

function layers(net: NetworkBuilder, { classes }: ParamsOf<typeof options>): void {
  net.add('input', 'input', { shape: [1, 32, 32], fit: 'pad', normalization: 'zero-one' })
  net.add('conv2d', 'conv1', { filters: 6, kernel: [5, 5], padding: 'valid' })
  net.add('relu', 'relu1')
  net.add('maxpool2d', 'pool1')
  net.add('conv2d', 'conv2', { filters: 16, kernel: [5, 5], padding: 'valid' })
  net.add('relu', 'relu2')
  net.add('maxpool2d', 'pool2')
  net.add('flatten', 'flatten')
  net.add('dense', 'fc1', { units: 120 })
  net.add('relu', 'relu3')
  net.add('dense', 'fc2', { units: 84 })
  net.add('relu', 'relu4')
  net.add('dense', 'output', { units: classes })
}

/**
 * LeNet-5 as it is taught today: the same sizes with ordinary convolutions, max pooling and ReLU, fully connected C3
 * and a linear layer of class scores.
 */
export const lenet5Modern: Preset = familyOf(
  {
    family: lenetFamily,
    year: 1998,
    paper: {
      citation: 'LeCun et al., Gradient-based learning applied to document recognition, 1998',
      url: 'https://doi.org/10.1109/5.726791',
    },
    summary: text(
      'The pattern that courses teach: convolution and pooling twice, then fully connected layers.',
      '강의에서 배우는 기본 구조입니다. 합성곱과 풀링을 두 번 거친 뒤 완전 연결 레이어로 이어집니다.',
    ),
    task: 'digits',
    data: 'digits',
    recipe: { optimizer: 'adam', learningRate: 0.001, batch: 64, epochs: 10, schedule: 'constant' },
    paperRecipe: null,
    options,
    layers,
  },
  [
    {
      id: 'lenet5-modern',
      name: 'LeNet-5 (modern)',
      title: text(
        'LeNet-5 (modern: CONV-POOL-CONV-POOL-FC-FC)',
        'LeNet-5 (현대판: CONV-POOL-CONV-POOL-FC-FC)',
      ),
      variant: text('Modern', '현대판'),
      figures: { trainable: 61_706, nonTrainable: 0, depth: 5 },
    },
  ],
)[0]!
