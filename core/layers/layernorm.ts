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
import { choice } from './params.ts'

export const layernorm = defineLayer({
  kind: 'layernorm',
  title: text('Layer norm', '레이어 정규화'),
  category: 'norm',
  version: 1,
  inputs: [{ name: 'in', ranks: [1, 2, 3, 4] }],
  summary: text(
    'Gives the values of each sample mean 0 and variance 1, whatever the rest of the batch is.',
    '배치의 나머지와 관계없이 샘플마다 값들의 평균이 0, 분산이 1이 되게 합니다.',
  ),
  paper: {
    citation: 'Ba, Kiros and Hinton, Layer normalization, 2016',
    url: 'https://arxiv.org/abs/1607.06450',
  },
  params: {
    over: choice({
      default: 'sample' as 'sample' | 'channels',
      options: [
        { value: 'sample', label: text('Whole sample', '샘플 전체') },
        { value: 'channels', label: text('Channels', '채널') },
      ],
      label: text('Over', '범위'),
      help: text(
        'Whole sample: over all values of a sample, each with a scale of its own. Channels: at every place over the channels, with a scale a channel, as in ConvNeXt.',
        '샘플 전체: 샘플의 모든 값에 걸쳐 정규화하고 값마다 스케일을 둡니다. 채널: ConvNeXt처럼 위치마다 채널에 걸쳐 정규화하고 채널마다 스케일을 둡니다.',
      ),
      shownOnNode: true,
    }),
    epsilon: epsilonParam(),
    affine: affineParam(),
  },
  inferShape: (_p, [shape]) => shape!,
  weights: (p, [shape]) => affineWeights(p.affine, p.over === 'sample' ? shape! : [shape![0]!]),
  forward: (b, p, [x], w) => {
    const axes = p.over === 'sample' ? axesFrom(1, x!.shape.length) : [1]
    return scaleAndShift(b, standardize(b, x!, axes, p.epsilon), w)
  },
  examples: [
    { inputs: [[16, 7, 7]], output: [16, 7, 7], trainable: 1_568, macs: 0 },
    {
      params: { over: 'channels', epsilon: 1e-6 },
      inputs: [[96, 8, 8]],
      output: [96, 8, 8],
      trainable: 192,
      macs: 0,
      note: text('As in ConvNeXt', 'ConvNeXt의 방식'),
    },
    { inputs: [[84]], output: [84], trainable: 168, macs: 0 },
    { params: { affine: false }, inputs: [[4, 9]], output: [4, 9], trainable: 0, macs: 0 },
    { params: { over: 'channels' }, inputs: [[5, 2, 3, 3]], output: [5, 2, 3, 3], trainable: 10, macs: 0 },
  ],
})
