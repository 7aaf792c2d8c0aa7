import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { float } from './params.ts'

export const leakyRelu = defineLayer({
  kind: 'leaky-relu',
  title: text('Leaky ReLU', 'Leaky ReLU'),
  category: 'activation',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'x where positive, slope × x elsewhere: a unit that is below zero still learns.',
    '양수는 그대로, 나머지는 기울기를 곱합니다. 0보다 작은 유닛도 계속 학습됩니다.',
  ),
  paper: {
    citation: 'Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models, 2013',
  },
  params: {
    slope: float({
      default: 0.01,
      min: 0,
      max: 1,
      label: text('Slope', '기울기'),
      help: text('Factor of negative values.', '음수에 곱하는 값입니다.'),
      shownOnNode: true,
    }),
  },
  inferShape: (_p, [shape]) => shape!,
  // at 0 the gradient is the slope, as in PyTorch
  forward: (b, { slope }, [x]) => b.add(b.affine(x!, slope), b.affine(b.relu(x!), 1 - slope)),
  examples: [
    { inputs: [[6, 28, 28]], output: [6, 28, 28], trainable: 0, macs: 0 },
    { params: { slope: 0.2 }, inputs: [[84]], output: [84], trainable: 0, macs: 0 },
  ],
})
