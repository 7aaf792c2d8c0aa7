import { text } from '../network/text.ts'
import { convolution, convolutionParams } from './convolution.ts'
import { defineLayer } from './kind.ts'

export const conv1d = defineLayer({
  kind: 'conv1d',
  title: text('Conv 1D', 'Conv 1D'),
  category: 'conv',
  version: 1,
  inputs: [{ name: 'in', ranks: [2] }],
  summary: text(
    'Slides small trainable filters along a sequence, such as sound; each filter makes one output channel.',
    '소리 같은 시퀀스를 따라 학습되는 작은 필터를 옮겨 가며 적용합니다. 필터 하나가 출력 채널 하나를 만듭니다.',
  ),
  paper: {
    citation: 'Waibel et al., Phoneme recognition using time-delay neural networks, 1989',
    url: 'https://doi.org/10.1109/29.21701',
  },
  params: convolutionParams(1),
  ...convolution,
  examples: [
    {
      params: { filters: 128, kernel: [80], stride: [4], padding: 'valid' },
      inputs: [[1, 32_000]],
      output: [128, 7_981],
      trainable: 10_368,
      macs: 81_725_440,
      connections: 82_747_008,
      note: text('First layer of M5, over raw sound', '원시 음성을 받는 M5의 첫 레이어'),
    },
    {
      params: { filters: 3, kernel: [2], dilation: [4], padding: 'explicit', pads: [4, 0] },
      inputs: [[2, 16]],
      output: [3, 16],
      trainable: 15,
      macs: 192,
      connections: 240,
      note: text('Causal: a place sees only what came before', '인과적 합성곱: 이전 위치만 봅니다'),
    },
    {
      params: { filters: 4, kernel: [3], stride: [2], groups: 2, bias: false },
      inputs: [[6, 10]],
      output: [4, 5],
      trainable: 36,
      macs: 180,
      connections: 180,
    },
  ],
})
