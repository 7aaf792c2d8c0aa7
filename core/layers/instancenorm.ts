import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import {
  affineParam,
  affineWeights,
  axesFrom,
  epsilonParam,
  scaleAndShift,
  standardize,
} from './normalization.ts'

export const instancenorm = defineLayer({
  kind: 'instancenorm',
  title: text('Instance norm', '인스턴스 정규화'),
  category: 'norm',
  version: 1,
  inputs: [{ name: 'in', ranks: [2, 3, 4] }],
  summary: text(
    'Gives every map of every sample mean 0 and variance 1 by itself; takes contrast out of images.',
    '샘플의 맵마다 따로 평균 0, 분산 1이 되게 합니다. 이미지의 대비를 없앱니다.',
  ),
  paper: {
    citation: 'Ulyanov, Vedaldi and Lempitsky, Instance normalization, 2016',
    url: 'https://arxiv.org/abs/1607.08022',
  },
  params: {
    epsilon: epsilonParam(),
    affine: affineParam(),
  },
  inferShape: (_p, [shape]) => shape!,
  weights: (p, [shape]) => affineWeights(p.affine, [shape![0]!]),
  forward: (b, p, [x], w) => scaleAndShift(b, standardize(b, x!, axesFrom(2, x!.shape.length), p.epsilon), w),
  examples: [
    { inputs: [[32, 16, 16]], output: [32, 16, 16], trainable: 64, macs: 0 },
    {
      params: { affine: false, epsilon: 0.001 },
      inputs: [[3, 6, 5]],
      output: [3, 6, 5],
      trainable: 0,
      macs: 0,
    },
    { inputs: [[4, 30]], output: [4, 30], trainable: 8, macs: 0 },
    { inputs: [[2, 3, 4, 4]], output: [2, 3, 4, 4], trainable: 4, macs: 0 },
  ],
})
