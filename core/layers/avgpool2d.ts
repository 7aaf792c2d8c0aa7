import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { averagePooling, averagePoolingParams } from './pooling.ts'

export const avgpool2d = defineLayer({
  kind: 'avgpool2d',
  title: text('Average pooling 2D', '평균 풀링 2D'),
  category: 'pool',
  version: 1,
  inputs: [{ name: 'in', ranks: [3] }],
  summary: text('Replaces each window by its mean, map by map.', '맵마다 각 윈도를 평균값 하나로 바꿉니다.'),
  paper: {
    citation: 'LeCun et al., Handwritten digit recognition with a back-propagation network, 1989',
  },
  params: averagePoolingParams(2),
  ...averagePooling,
  examples: [
    { inputs: [[16, 10, 10]], output: [16, 5, 5], trainable: 0, macs: 0 },
    {
      params: { kernel: [7, 7], stride: [1, 1] },
      inputs: [[512, 7, 7]],
      output: [512, 1, 1],
      trainable: 0,
      macs: 0,
    },
    {
      params: { kernel: [3, 3], stride: [1, 1], padding: 'same' },
      inputs: [[3, 8, 6]],
      output: [3, 8, 6],
      trainable: 0,
      macs: 0,
    },
    {
      params: { kernel: [2, 3], ceil: true, countPadding: true, padding: 'explicit', pads: [0, 0, 1, 0] },
      inputs: [[3, 7, 7]],
      output: [3, 4, 4],
      trainable: 0,
      macs: 0,
    },
  ],
})
