import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { globalMaximum, globalPooling, globalPoolingParams } from './pooling.ts'

export const globalMaxpool = defineLayer({
  kind: 'global-maxpool',
  title: text('Global max pooling', '전역 최대 풀링'),
  category: 'pool',
  version: 1,
  inputs: [{ name: 'in', ranks: [2, 3, 4] }],
  summary: text(
    'Keeps the largest value of every map: one value a channel, wherever it was found.',
    '맵마다 가장 큰 값 하나만 남깁니다. 위치와 관계없이 채널마다 값 하나가 나옵니다.',
  ),
  paper: {
    citation: 'Oquab et al., Is object localization for free?, 2015',
    url: 'https://doi.org/10.1109/CVPR.2015.7298668',
  },
  params: globalPoolingParams(),
  ...globalPooling,
  forward: globalMaximum,
  examples: [
    { inputs: [[512, 7, 7]], output: [512], trainable: 0, macs: 0 },
    { params: { keep: true }, inputs: [[16, 8, 6]], output: [16, 1, 1], trainable: 0, macs: 0 },
    { inputs: [[4, 25]], output: [4], trainable: 0, macs: 0 },
    { inputs: [[2, 3, 4, 5]], output: [2], trainable: 0, macs: 0 },
  ],
})
