import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { maxPooling, poolingParams } from './pooling.ts'

export const maxpool3d = defineLayer({
  kind: 'maxpool3d',
  title: text('Max pooling 3D', '최대 풀링 3D'),
  category: 'pool',
  version: 1,
  inputs: [{ name: 'in', ranks: [4] }],
  summary: text(
    'Keeps the largest value of each window of a volume or of the frames of a video, channel by channel.',
    '채널마다 볼륨이나 비디오 프레임의 각 윈도에서 가장 큰 값만 남깁니다.',
  ),
  paper: {
    citation: 'Tran et al., Learning spatiotemporal features with 3D convolutional networks, 2015',
    url: 'https://arxiv.org/abs/1412.0767',
  },
  params: poolingParams(3),
  ...maxPooling,
  examples: [
    { inputs: [[8, 16, 14, 14]], output: [8, 8, 7, 7], trainable: 0, macs: 0 },
    {
      params: { kernel: [1, 2, 2], stride: [1, 2, 2] },
      inputs: [[4, 16, 28, 28]],
      output: [4, 16, 14, 14],
      trainable: 0,
      macs: 0,
      note: text('pool1 of C3D keeps every frame', 'C3D의 pool1은 프레임을 모두 남깁니다'),
    },
    {
      params: { padding: 'explicit', pads: [0, 0, 0, 1, 0, 1] },
      inputs: [[512, 2, 7, 7]],
      output: [512, 1, 4, 4],
      trainable: 0,
      macs: 0,
      note: text('pool5 of C3D', 'C3D의 pool5'),
    },
    {
      params: { kernel: [2, 3, 3], ceil: true },
      inputs: [[1, 5, 6, 7]],
      output: [1, 3, 3, 3],
      trainable: 0,
      macs: 0,
    },
  ],
})
