import { text } from '../network/text.ts'
import type { Builder, Tensor } from './builder.ts'
import { defineLayer } from './kind.ts'
import { affineParam, affineWeights, epsilonParam, overChannels } from './normalization.ts'
import { float } from './params.ts'

type Weights = Readonly<Record<string, Tensor>>

export const batchnorm = defineLayer({
  kind: 'batchnorm',
  title: text('Batch norm', '배치 정규화'),
  category: 'norm',
  version: 1,
  inputs: [{ name: 'in', ranks: [1, 2, 3, 4] }],
  summary: text(
    'Gives every channel mean 0 and variance 1: over the batch while training, and with running averages of that afterwards.',
    '채널마다 평균 0, 분산 1이 되게 합니다. 학습 중에는 배치의 통계를, 학습 뒤에는 그 이동 평균을 씁니다.',
  ),
  paper: {
    citation: 'Ioffe and Szegedy, Batch normalization, 2015',
    url: 'https://arxiv.org/abs/1502.03167',
  },
  params: {
    momentum: float({
      default: 0.1,
      min: 0,
      max: 1,
      label: text('Momentum', '모멘텀'),
      help: text(
        'Weight of a batch in the running averages: running = (1 - momentum) × running + momentum × batch, as in PyTorch. Keras calls 1 minus this momentum.',
        '이동 평균에서 배치 하나의 비중입니다: 이동 평균 = (1 - 모멘텀) × 이동 평균 + 모멘텀 × 배치(PyTorch 방식). Keras의 momentum은 1에서 이 값을 뺀 것입니다.',
      ),
    }),
    epsilon: epsilonParam(),
    affine: affineParam(),
  },
  inferShape: (_p, [shape]) => shape!,
  weights: (p, [shape]) => [
    ...affineWeights(p.affine, [shape![0]!]),
    { name: 'running_mean', shape: [shape![0]!], init: { type: 'zeros' }, trainable: false, decay: false },
    { name: 'running_var', shape: [shape![0]!], init: { type: 'ones' }, trainable: false, decay: false },
  ],
  forward: (b, p, [x], w, mode) => {
    if (!mode.training) return withRunning(b, x!, w, p.epsilon)
    const channels = [x!.shape[1]!]
    const scale = w.weight ?? b.constant(new Float32Array(channels[0]!).fill(1), channels)
    const shift = w.bias ?? b.constant(new Float32Array(channels[0]!), channels)
    const { output, mean, variance } = b.batchNorm(x!, scale, shift, p.epsilon)
    b.average(w.running_mean!, mean, p.momentum)
    b.average(w.running_var!, variance, p.momentum)
    return output
  },
  examples: [
    { inputs: [[64, 7, 7]], output: [64, 7, 7], trainable: 128, nonTrainable: 128, macs: 0 },
    {
      params: { affine: false, epsilon: 0.001, momentum: 0.01 },
      inputs: [[4, 5, 6]],
      output: [4, 5, 6],
      trainable: 0,
      nonTrainable: 8,
      macs: 0,
    },
    { inputs: [[6, 20]], output: [6, 20], trainable: 12, nonTrainable: 12, macs: 0 },
    { inputs: [[3, 2, 4, 4]], output: [3, 2, 4, 4], trainable: 6, nonTrainable: 6, macs: 0 },
  ],
})

/** Evaluation: one factor and one offset a channel. */
function withRunning(b: Builder, x: Tensor, w: Weights, epsilon: number): Tensor {
  const deviation = b.sqrt(b.affine(w.running_var!, 1, epsilon))
  const factor = b.div(w.weight ?? b.constant([1], [1]), deviation)
  const offset = b.affine(b.mul(w.running_mean!, factor), -1)
  const shift = w.bias ? b.add(w.bias, offset) : offset
  const rank = x.shape.length
  return b.add(b.mul(x, overChannels(b, factor, rank)), overChannels(b, shift, rank))
}
