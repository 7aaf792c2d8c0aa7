import { text } from '../network/text.ts'
import { convolution, convolutionParams } from './convolution.ts'
import { defineLayer } from './kind.ts'

export const conv3d = defineLayer({
  kind: 'conv3d',
  title: text('Conv 3D', 'Conv 3D'),
  category: 'conv',
  version: 1,
  inputs: [{ name: 'in', ranks: [4] }],
  summary: text(
    'Slides small trainable filters through a volume or the frames of a video; each filter makes one output volume.',
    '볼륨이나 비디오 프레임 속으로 학습되는 작은 필터를 옮겨 가며 적용합니다. 필터 하나가 출력 볼륨 하나를 만듭니다.',
  ),
  paper: {
    citation: 'Tran et al., Learning spatiotemporal features with 3D convolutional networks, 2015',
    url: 'https://arxiv.org/abs/1412.0767',
  },
  params: convolutionParams(3),
  ...convolution,
  examples: [
    {
      params: { filters: 64 },
      inputs: [[3, 16, 28, 28]],
      output: [64, 16, 28, 28],
      trainable: 5_248,
      macs: 65_028_096,
      connections: 65_830_912,
      note: text('conv1a of C3D, over 16 small frames', '작은 프레임 16장을 받는 C3D의 conv1a'),
    },
    {
      params: { filters: 2, kernel: [1, 2, 3], stride: [1, 2, 1], padding: 'valid' },
      inputs: [[1, 3, 5, 4]],
      output: [2, 3, 2, 2],
      trainable: 14,
      macs: 144,
      connections: 168,
    },
    {
      params: {
        filters: 2,
        kernel: [2, 2, 2],
        dilation: [2, 1, 1],
        padding: 'explicit',
        pads: [1, 0, 0, 1, 2, 0],
        groups: 2,
        bias: false,
      },
      inputs: [[4, 5, 4, 4]],
      output: [2, 4, 4, 5],
      trainable: 32,
      macs: 2_560,
      connections: 2_560,
    },
  ],
})
