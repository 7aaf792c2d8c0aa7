import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { averagePooling, averagePoolingParams } from './pooling.ts'

export const avgpool3d = defineLayer({
  kind: 'avgpool3d',
  title: text('Average pooling 3D', '평균 풀링 3D'),
  category: 'pool',
  version: 1,
  inputs: [{ name: 'in', ranks: [4] }],
  summary: text(
    'Replaces each window of a volume or of the frames of a video by its mean, channel by channel.',
    '채널마다 볼륨이나 비디오 프레임의 각 윈도를 평균값 하나로 바꿉니다.',
  ),
  paper: {
    citation: 'Ji et al., 3D convolutional neural networks for human action recognition, 2013',
    url: 'https://doi.org/10.1109/TPAMI.2012.59',
  },
  params: averagePoolingParams(3),
  ...averagePooling,
  examples: [
    { inputs: [[8, 16, 14, 14]], output: [8, 8, 7, 7], trainable: 0, macs: 0 },
    {
      params: { kernel: [1, 7, 7], stride: [1, 1, 1] },
      inputs: [[512, 2, 7, 7]],
      output: [512, 2, 1, 1],
      trainable: 0,
      macs: 0,
    },
    {
      params: {
        kernel: [2, 3, 2],
        ceil: true,
        countPadding: true,
        padding: 'explicit',
        pads: [1, 0, 0, 0, 0, 1],
      },
      inputs: [[2, 4, 4, 5]],
      output: [2, 3, 2, 3],
      trainable: 0,
      macs: 0,
    },
  ],
})
