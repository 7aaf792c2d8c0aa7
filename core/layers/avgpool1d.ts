import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { averagePooling, averagePoolingParams } from './pooling.ts'

export const avgpool1d = defineLayer({
  kind: 'avgpool1d',
  title: text('Average pooling 1D', '평균 풀링 1D'),
  category: 'pool',
  version: 1,
  inputs: [{ name: 'in', ranks: [2] }],
  summary: text(
    'Replaces each window of a sequence by its mean, channel by channel.',
    '채널마다 시퀀스의 각 윈도를 평균값 하나로 바꿉니다.',
  ),
  paper: {
    citation: 'LeCun et al., Handwritten digit recognition with a back-propagation network, 1989',
  },
  params: averagePoolingParams(1),
  ...averagePooling,
  examples: [
    { inputs: [[16, 100]], output: [16, 50], trainable: 0, macs: 0 },
    {
      params: { kernel: [3], ceil: true, countPadding: true, padding: 'explicit', pads: [1, 0] },
      inputs: [[2, 7]],
      output: [2, 4],
      trainable: 0,
      macs: 0,
    },
    {
      params: { kernel: [5], stride: [1], padding: 'same' },
      inputs: [[3, 9]],
      output: [3, 9],
      trainable: 0,
      macs: 0,
    },
  ],
})
