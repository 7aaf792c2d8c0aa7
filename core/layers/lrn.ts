import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { float, int } from './params.ts'
import { product } from './shape.ts'

export const lrn = defineLayer({
  kind: 'lrn',
  title: text('Local response norm', '국소 응답 정규화'),
  category: 'norm',
  version: 1,
  inputs: [{ name: 'in', ranks: [2, 3, 4] }],
  summary: text(
    'Divides each value by (k + alpha × sum of squares of n neighbouring channels at its place) to the power beta.',
    '각 값을 (k + alpha × 같은 위치의 이웃 채널 n개의 제곱합)의 beta 제곱으로 나눕니다.',
  ),
  paper: {
    citation:
      'Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional neural networks, 2012',
    url: 'https://doi.org/10.1145/3065386',
  },
  params: {
    n: int({
      default: 5,
      min: 1,
      max: 1024,
      label: text('Channels n', '채널 수 n'),
      help: text(
        'Number of channels that are summed, the value itself in the middle; an even number reaches one further down.',
        '더하는 채널의 수이며 자신이 가운데입니다. 짝수이면 아래쪽 채널을 하나 더 봅니다.',
      ),
      shownOnNode: true,
    }),
    k: float({
      default: 2,
      min: 0.001,
      max: 1000,
      label: text('k', 'k'),
      help: text('Keeps the divisor away from 0.', '나누는 값이 0이 되지 않게 합니다.'),
      shownOnNode: true,
    }),
    alpha: float({
      default: 1e-4,
      min: 0,
      max: 1000,
      label: text('Alpha', 'Alpha'),
      help: text(
        'Factor of the sum, as in the paper: it is not divided by n. PyTorch and Caffe divide by n, so theirs is n times this.',
        '제곱합에 곱하는 값입니다. 논문처럼 n으로 나누지 않습니다. PyTorch와 Caffe는 n으로 나누므로 그 값은 이 값의 n배입니다.',
      ),
      shownOnNode: true,
    }),
    beta: float({
      default: 0.75,
      min: 0,
      max: 10,
      label: text('Beta', 'Beta'),
      help: text('Power of the divisor.', '나누는 값의 지수입니다.'),
      shownOnNode: true,
    }),
  },
  inferShape: (_p, [shape]) => shape!,
  forward: (b, { n, k, alpha, beta }, [x]) => {
    const [samples, channels, ...sizes] = x!.shape as [number, number, ...number[]]
    const squares = b.reshape(b.mul(x!, x!), [samples, 1, channels, product(sizes)])
    const window = {
      kernel: [n, 1],
      stride: [1, 1],
      padBefore: [Math.floor(n / 2), 0],
      padAfter: [Math.ceil(n / 2) - 1, 0],
      dilation: [1, 1],
    }
    const divisor = b.affine(b.avgPool(squares, window, true), alpha * n, k)
    const power = b.exp(b.affine(b.log(divisor), -beta))
    return b.mul(x!, b.reshape(power, x!.shape))
  },
  examples: [
    {
      inputs: [[24, 6, 6]],
      output: [24, 6, 6],
      trainable: 0,
      macs: 0,
      note: text('With the constants of AlexNet', 'AlexNet의 상수'),
    },
    {
      params: { n: 4, k: 1, alpha: 0.5, beta: 0.5 },
      inputs: [[3, 5, 4]],
      output: [3, 5, 4],
      trainable: 0,
      macs: 0,
    },
    { params: { n: 9, alpha: 0.1 }, inputs: [[6, 7]], output: [6, 7], trainable: 0, macs: 0 },
  ],
})
