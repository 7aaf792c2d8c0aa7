import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { float } from './params.ts'

export const scaledTanh = defineLayer({
  kind: 'scaled-tanh',
  title: text('Scaled tanh (LeNet)', '스케일 tanh (LeNet)'),
  category: 'activation',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'A tanh(S x). With A = 1.7159 and S = 2/3 it maps 1 to 1 and -1 to -1, where its curvature is largest.',
    'A tanh(S x). A = 1.7159, S = 2/3이면 1은 1로, -1은 -1로 가며, 그 점에서 곡률이 가장 큽니다.',
  ),
  paper: {
    citation: 'LeCun et al., Gradient-based learning applied to document recognition, 1998, appendix A',
    url: 'https://doi.org/10.1109/5.726791',
  },
  params: {
    amplitude: float({
      default: 1.7159,
      min: 0.001,
      max: 1000,
      label: text('Amplitude A', '진폭 A'),
      help: text('The value it saturates at.', '포화되는 값입니다.'),
      shownOnNode: true,
    }),
    slope: float({
      default: 2 / 3,
      min: 0.001,
      max: 1000,
      label: text('Slope S', '기울기 S'),
      help: text('Factor of the input, before tanh.', 'tanh 앞에서 입력에 곱하는 값입니다.'),
      shownOnNode: true,
    }),
  },
  inferShape: (_p, [shape]) => shape!,
  forward: (b, p, [x]) => b.affine(b.tanh(b.affine(x!, p.slope)), p.amplitude),
  examples: [
    { inputs: [[6, 14, 14]], output: [6, 14, 14], trainable: 0, macs: 0 },
    { params: { amplitude: 1, slope: 1 }, inputs: [[84]], output: [84], trainable: 0, macs: 0 },
  ],
})
