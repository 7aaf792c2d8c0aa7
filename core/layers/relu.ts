import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'

export const relu = defineLayer({
  kind: 'relu',
  title: text('ReLU', 'ReLU'),
  category: 'activation',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'max(0, x): keeps what is positive. Does not saturate, so deep networks train faster with it.',
    'max(0, x): 양수만 남깁니다. 포화되지 않아 깊은 네트워크가 더 빨리 학습됩니다.',
  ),
  paper: {
    citation: 'Nair and Hinton, Rectified linear units improve restricted Boltzmann machines, 2010',
  },
  params: {},
  inferShape: (_p, [shape]) => shape!,
  forward: (b, _p, [x]) => b.relu(x!),
  examples: [
    { inputs: [[6, 28, 28]], output: [6, 28, 28], trainable: 0, macs: 0 },
    { inputs: [[84]], output: [84], trainable: 0, macs: 0 },
  ],
})
