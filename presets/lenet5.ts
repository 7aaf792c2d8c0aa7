import { text } from '../core/network/text.ts'
import { lenetFamily } from './families.ts'
import { familyOf } from './family.ts'
import type { Preset } from './preset.ts'

/**
 * The network of the 1998 paper, layer by layer as its section II.B describes it: trainable subsampling, C3 with the
 * connections of table I, scaled tanh after every layer up to F6, and distances to fixed pictures of the digits.
 * Its optimizer (stochastic diagonal Levenberg-Marquardt) gives way to SGD with momentum.
 */
export const lenet5: Preset = familyOf(
  {
    family: lenetFamily,
    year: 1998,
    paper: {
      citation: 'LeCun et al., Gradient-based learning applied to document recognition, 1998',
      url: 'https://doi.org/10.1109/5.726791',
    },
    summary: text(
      'Convolution, subsampling and shared weights, learned end to end from pixels: the network that read cheques.',
      '합성곱, 서브샘플링, 가중치 공유를 픽셀부터 끝까지 학습합니다. 수표를 읽던 바로 그 네트워크입니다.',
    ),
    task: 'digits',
    data: 'digits',
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
    paperRecipe: text(
      'Stochastic diagonal Levenberg-Marquardt (mu 0.02, diagonal Hessian of 500 samples before each pass), rate 5e-4 for 2 passes, 2e-4 for 3, 1e-4 for 3, 5e-5 for 4, then 1e-5, one sample a step, 20 passes over 60,000 digits. Background -0.1, ink 1.175; weights uniform within 2.4 / fan-in.',
      '확률적 대각 Levenberg-Marquardt(mu 0.02, 패스마다 샘플 500개로 대각 헤시안 추정), 학습률 5e-4(2패스), 2e-4(3), 1e-4(3), 5e-5(4), 이후 1e-5, 한 번에 샘플 하나, 숫자 60,000개를 20패스. 배경 -0.1, 잉크 1.175, 가중치는 ±2.4/fan-in 균등분포.',
    ),
    options: {},
    layers(net) {
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
    },
  },
  [
    {
      id: 'lenet5',
      name: 'LeNet-5',
      title: text('LeNet-5 (1998, faithful)', 'LeNet-5 (1998, 논문 그대로)'),
      variant: text('Faithful', '원문 그대로'),
      published: {
        measure: text(
          'Test error on MNIST, 60,000 training digits, no distortions',
          'MNIST 테스트 오류율, 학습 숫자 60,000개, 변형 없음',
        ),
        value: '0.95%',
      },
      quoted: text(
        'Often quoted as “340k operations”: those are its 340,908 connections, biases and the additions of subsampling among them; multiply-accumulates are 326,520.',
        '흔히 인용되는 ‘연산 34만 회’는 편향과 서브샘플링의 덧셈까지 포함한 연결 340,908개를 뜻합니다. 곱셈-누산은 326,520회입니다.',
      ),
      figures: { trainable: 60_000, nonTrainable: 840, connections: 340_908, depth: 5 },
    },
  ],
)[0]!
