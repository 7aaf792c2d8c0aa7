import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'

export const silu = defineLayer({
  kind: 'silu',
  title: text('SiLU (Swish)', 'SiLU (Swish)'),
  category: 'activation',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'x times its sigmoid: smooth, and slightly below zero for small negative values.',
    'x에 그 sigmoid를 곱합니다. 매끄럽고, 작은 음수에서는 0보다 조금 작습니다.',
  ),
  paper: {
    citation:
      'Elfwing, Uchibe and Doya, Sigmoid-weighted linear units for neural network function approximation, 2017',
    url: 'https://arxiv.org/abs/1702.03118',
  },
  params: {},
  inferShape: (_p, [shape]) => shape!,
  forward: (b, _p, [x]) => b.mul(x!, b.sigmoid(x!)),
  examples: [
    { inputs: [[32, 14, 14]], output: [32, 14, 14], trainable: 0, macs: 0 },
    { inputs: [[84]], output: [84], trainable: 0, macs: 0 },
  ],
})
