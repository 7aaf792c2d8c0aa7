import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'

export const sigmoid = defineLayer({
  kind: 'sigmoid',
  title: text('Sigmoid', '시그모이드'),
  category: 'activation',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    '1 / (1 + exp(-x)): squashes every value into 0 to 1; saturates at both ends.',
    '1 / (1 + exp(-x)): 모든 값을 0과 1 사이로 눌러 줍니다. 양 끝에서 포화됩니다.',
  ),
  params: {},
  inferShape: (_p, [shape]) => shape!,
  forward: (b, _p, [x]) => b.sigmoid(x!),
  examples: [
    { inputs: [[6, 14, 14]], output: [6, 14, 14], trainable: 0, macs: 0 },
    { inputs: [[84]], output: [84], trainable: 0, macs: 0 },
  ],
})
