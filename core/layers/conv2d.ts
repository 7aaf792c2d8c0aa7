import { text } from '../network/text.ts'
import { convolution, convolutionParams } from './convolution.ts'
import { defineLayer } from './kind.ts'

export const conv2d = defineLayer({
  kind: 'conv2d',
  title: text('Conv 2D', 'Conv 2D'),
  category: 'conv',
  version: 1,
  inputs: [{ name: 'in', ranks: [3] }],
  summary: text(
    'Slides small trainable filters over the maps; each filter makes one output map.',
    '학습되는 작은 필터를 특징 맵 위로 옮겨 가며 적용합니다. 필터 하나가 출력 맵 하나를 만듭니다.',
  ),
  paper: {
    citation: 'LeCun et al., Gradient-based learning applied to document recognition, 1998',
    url: 'https://doi.org/10.1109/5.726791',
  },
  params: convolutionParams(2),
  ...convolution,
  examples: [
    {
      params: { filters: 6, kernel: [5, 5], padding: 'valid' },
      inputs: [[1, 32, 32]],
      output: [6, 28, 28],
      trainable: 156,
      macs: 117_600,
      connections: 122_304,
      note: text('C1 of LeNet-5', 'LeNet-5의 C1'),
    },
    {
      params: { filters: 1, kernel: [5, 5], padding: 'valid', bias: false },
      inputs: [[3, 32, 32]],
      output: [1, 28, 28],
      trainable: 75,
      macs: 58_800,
      connections: 58_800,
    },
    {
      params: {
        filters: 64,
        kernel: [7, 7],
        stride: [2, 2],
        padding: 'explicit',
        pads: [3, 3, 3, 3],
        bias: false,
      },
      inputs: [[3, 224, 224]],
      output: [64, 112, 112],
      trainable: 9_408,
      macs: 118_013_952,
      connections: 118_013_952,
    },
    {
      params: { filters: 256, kernel: [5, 5], groups: 2 },
      inputs: [[96, 27, 27]],
      output: [256, 27, 27],
      trainable: 307_456,
      macs: 223_948_800,
      connections: 224_135_424,
      note: text('conv2 of AlexNet, one group a GPU', 'AlexNet의 conv2, GPU마다 그룹 하나'),
    },
    {
      params: { filters: 8, kernel: [3, 3], dilation: [2, 2], padding: 'explicit', pads: [0, 1, 2, 0] },
      inputs: [[4, 9, 9]],
      output: [8, 6, 7],
      trainable: 296,
      macs: 12_096,
      connections: 12_432,
    },
  ],
})
