import { text } from '../network/text.ts'
import { dividesChannels } from './channels.ts'
import { defineLayer } from './kind.ts'
import {
  affineParam,
  affineWeights,
  axesFrom,
  epsilonParam,
  scaleAndShift,
  standardize,
} from './normalization.ts'
import { int } from './params.ts'

export const groupnorm = defineLayer({
  kind: 'groupnorm',
  title: text('Group norm', '그룹 정규화'),
  category: 'norm',
  version: 1,
  inputs: [{ name: 'in', ranks: [1, 2, 3, 4] }],
  summary: text(
    'Gives each group of channels of every sample mean 0 and variance 1; works with batches of any size.',
    '샘플마다 채널 그룹별로 평균 0, 분산 1이 되게 합니다. 배치 크기와 관계없이 동작합니다.',
  ),
  paper: {
    citation: 'Wu and He, Group normalization, 2018',
    url: 'https://arxiv.org/abs/1803.08494',
  },
  params: {
    groups: int({
      default: 32,
      min: 1,
      max: 65_536,
      label: text('Groups', '그룹'),
      help: text(
        'Number of groups; 1 takes all channels together, as many as there are channels is instance norm.',
        '그룹의 수입니다. 1이면 모든 채널을 함께, 채널 수와 같으면 인스턴스 정규화가 됩니다.',
      ),
      shownOnNode: true,
    }),
    epsilon: epsilonParam(),
    affine: affineParam(),
  },
  check: (p, [shape]) => dividesChannels(p.groups, shape![0]!),
  inferShape: (_p, [shape]) => shape!,
  weights: (p, [shape]) => affineWeights(p.affine, [shape![0]!]),
  forward: (b, p, [x], w) => {
    const [samples, channels, ...sizes] = x!.shape as [number, number, ...number[]]
    const apart = b.reshape(x!, [samples, p.groups, channels / p.groups, ...sizes])
    const normal = standardize(b, apart, axesFrom(2, apart.shape.length), p.epsilon)
    return scaleAndShift(b, b.reshape(normal, x!.shape), w)
  },
  examples: [
    { inputs: [[64, 7, 7]], output: [64, 7, 7], trainable: 128, macs: 0 },
    {
      params: { groups: 2, affine: false, epsilon: 0.001 },
      inputs: [[6, 5, 4]],
      output: [6, 5, 4],
      trainable: 0,
      macs: 0,
    },
    { params: { groups: 3 }, inputs: [[12]], output: [12], trainable: 24, macs: 0 },
    { params: { groups: 2 }, inputs: [[4, 2, 3, 3]], output: [4, 2, 3, 3], trainable: 8, macs: 0 },
  ],
})
