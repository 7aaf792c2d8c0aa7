import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'

export const tanh = defineLayer({
  kind: 'tanh',
  title: text('Tanh', 'Tanh'),
  category: 'activation',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'Squashes every value into -1 to 1; saturates at both ends.',
    '모든 값을 -1과 1 사이로 눌러 줍니다. 양 끝에서 포화됩니다.',
  ),
  params: {},
  inferShape: (_p, [shape]) => shape!,
  forward: (b, _p, [x]) => b.tanh(x!),
  examples: [
    { inputs: [[16, 10, 10]], output: [16, 10, 10], trainable: 0, macs: 0 },
    { inputs: [[10]], output: [10], trainable: 0, macs: 0 },
  ],
})
