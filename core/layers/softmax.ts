import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'

export const softmax = defineLayer({
  kind: 'softmax',
  title: text('Softmax', 'Softmax'),
  category: 'output',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'Turns scores into probabilities that sum to 1: over the classes, or over the channels at every place of a map.',
    '점수를 합이 1인 확률로 바꿉니다. 클래스에 걸쳐, 또는 맵의 각 위치에서 채널에 걸쳐 계산합니다.',
  ),
  paper: {
    citation: 'Bridle, Probabilistic interpretation of feedforward classification network outputs, 1990',
  },
  params: {},
  inferShape: (_p, [shape]) => shape!,
  head: 'probabilities',
  forward: (b, _p, [x]) => b.softmax(x!, 1),
  examples: [
    { inputs: [[10]], output: [10], trainable: 0, macs: 0 },
    { inputs: [[21, 8, 8]], output: [21, 8, 8], trainable: 0, macs: 0 },
  ],
})
