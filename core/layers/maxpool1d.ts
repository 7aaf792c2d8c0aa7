import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { maxPooling, poolingParams } from './pooling.ts'

export const maxpool1d = defineLayer({
  kind: 'maxpool1d',
  title: text('Max pooling 1D', '최대 풀링 1D'),
  category: 'pool',
  version: 1,
  inputs: [{ name: 'in', ranks: [2] }],
  summary: text(
    'Keeps the largest value of each window of a sequence, channel by channel.',
    '채널마다 시퀀스의 각 윈도에서 가장 큰 값만 남깁니다.',
  ),
  paper: {
    citation: 'Riesenhuber and Poggio, Hierarchical models of object recognition in cortex, 1999',
    url: 'https://doi.org/10.1038/14819',
  },
  params: poolingParams(1),
  ...maxPooling,
  examples: [
    {
      params: { kernel: [4], stride: [4] },
      inputs: [[128, 7_981]],
      output: [128, 1_995],
      trainable: 0,
      macs: 0,
      note: text('Pooling of M5', 'M5의 풀링'),
    },
    {
      params: { kernel: [3], stride: [2], ceil: true },
      inputs: [[2, 8]],
      output: [2, 4],
      trainable: 0,
      macs: 0,
    },
    {
      params: { kernel: [3], stride: [1], padding: 'explicit', pads: [2, 0] },
      inputs: [[2, 5]],
      output: [2, 5],
      trainable: 0,
      macs: 0,
    },
  ],
})
