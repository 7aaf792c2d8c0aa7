import { text } from '../core/network/text.ts'
import { network } from './builder.ts'
import type { Preset } from './preset.ts'

/**
 * The network of the 1998 paper, layer by layer as its section II.B describes it: trainable subsampling, C3 with the
 * connections of table I, scaled tanh after every layer up to F6, and distances to fixed pictures of the digits.
 * Its optimizer (stochastic diagonal Levenberg-Marquardt) gives way to SGD with momentum.
 */
export const lenet5: Preset = {
  id: 'lenet5',
  title: text('LeNet-5 (1998, faithful)', 'LeNet-5 (1998, 논문 그대로)'),
  year: 1998,
  paper: {
    citation: 'LeCun et al., Gradient-based learning applied to document recognition, 1998',
    url: 'https://doi.org/10.1109/5.726791',
  },
  summary: text(
    'Convolution, subsampling and shared weights, learned end to end from pixels: the network that read cheques.',
    '합성곱, 서브샘플링, 가중치 공유를 픽셀부터 끝까지 학습합니다. 수표를 읽던 바로 그 네트워크입니다.',
  ),
  published: {
    measure: text(
      'Test error on MNIST, 60,000 training digits, no distortions',
      'MNIST 테스트 오류율, 학습 숫자 60,000개, 변형 없음',
    ),
    value: '0.95%',
  },
  figures: { trainable: 60_000, nonTrainable: 840, connections: 340_908, depth: 5 },
  data: 'digits',
  build: () => {
    const net = network('LeNet-5', {
      presetId: 'lenet5',
      recipe: {
        optimizer: 'sgd',
        // gradients of squared distances are large: 0.01 diverges, 0.004 still holds
        learningRate: 0.002,
        momentum: 0.9,
        weightDecay: 0,
        batch: 32,
        epochs: 10,
        schedule: 'cosine',
      },
    })
    net.add('input', 'input', { shape: [1, 32, 32], fit: 'pad', normalization: 'lenet' })
    net.add('conv2d', 'c1', { filters: 6, kernel: [5, 5], padding: 'valid', initializer: 'lenet' })
    net.add('scaled-tanh', 'c1-tanh')
    net.add('subsampling', 's2')
    net.add('scaled-tanh', 's2-tanh')
    net.add('partial-conv2d', 'c3')
    net.add('scaled-tanh', 'c3-tanh')
    net.add('subsampling', 's4')
    net.add('scaled-tanh', 's4-tanh')
    net.add('conv2d', 'c5', { filters: 120, kernel: [5, 5], padding: 'valid', initializer: 'lenet' })
    net.add('scaled-tanh', 'c5-tanh')
    net.add('flatten', 'flatten')
    net.add('dense', 'f6', { units: 84, initializer: 'lenet' })
    net.add('scaled-tanh', 'f6-tanh')
    net.add('rbf', 'output')
    return net.build()
  },
}
