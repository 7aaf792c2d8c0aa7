import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { maxPooling, poolingParams } from './pooling.ts'

export const maxpool2d = defineLayer({
  kind: 'maxpool2d',
  title: text('Max pooling 2D', '최대 풀링 2D'),
  category: 'pool',
  version: 1,
  inputs: [{ name: 'in', ranks: [3] }],
  summary: text(
    'Keeps the largest value of each window, map by map.',
    '맵마다 각 윈도에서 가장 큰 값만 남깁니다.',
  ),
  paper: {
    citation: 'Riesenhuber and Poggio, Hierarchical models of object recognition in cortex, 1999',
    url: 'https://doi.org/10.1038/14819',
  },
  params: poolingParams(2),
  ...maxPooling,
  examples: [
    { inputs: [[6, 28, 28]], output: [6, 14, 14], trainable: 0, macs: 0 },
    {
      params: { kernel: [3, 3] },
      inputs: [[96, 55, 55]],
      output: [96, 27, 27],
      trainable: 0,
      macs: 0,
      note: text('Overlapping pooling of AlexNet', 'AlexNet의 겹침 풀링'),
    },
    {
      params: { kernel: [3, 3], ceil: true },
      inputs: [[64, 112, 112]],
      output: [64, 56, 56],
      trainable: 0,
      macs: 0,
      note: text('GoogLeNet rounds up', 'GoogLeNet은 올림을 씁니다'),
    },
    {
      params: { kernel: [3, 3], padding: 'explicit', pads: [1, 1, 1, 1] },
      inputs: [[64, 112, 112]],
      output: [64, 56, 56],
      trainable: 0,
      macs: 0,
    },
  ],
})
