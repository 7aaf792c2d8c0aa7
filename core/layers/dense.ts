import { text } from '../network/text.ts'
import { startParams, startWeights } from './initializers.ts'
import { defineLayer } from './kind.ts'
import { int } from './params.ts'

export const dense = defineLayer({
  kind: 'dense',
  title: text('Dense', '완전 연결'),
  category: 'dense',
  version: 1,
  inputs: [{ name: 'in', ranks: [1] }],
  summary: text(
    'Connects every input to every unit with a weight of its own.',
    '모든 입력을 모든 유닛에 각각의 가중치로 연결합니다.',
  ),
  paper: {
    citation: 'Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986',
    url: 'https://doi.org/10.1038/323533a0',
  },
  params: {
    units: int({
      default: 128,
      min: 1,
      max: 1_000_000,
      label: text('Units', '유닛 수'),
      help: text(
        'Number of outputs; in the last layer, the number of classes.',
        '출력의 수입니다. 마지막 레이어에서는 클래스의 수입니다.',
      ),
      shownOnNode: true,
    }),
    ...startParams(),
  },
  inferShape: (p) => [p.units],
  weights: (p, [shape]) =>
    startWeights(p, [p.units, shape![0]!], p.units, { fanIn: shape![0]!, fanOut: p.units }),
  macs: (p, [shape]) => p.units * shape![0]!,
  connections: (p, [shape]) => p.units * (shape![0]! + (p.bias ? 1 : 0)),
  head: 'logits',
  classesParam: 'units',
  forward: (b, _p, [x], w) => {
    const y = b.matmul(x!, w.weight!, { b: true })
    return w.bias ? b.add(y, w.bias) : y
  },
  examples: [
    {
      params: { units: 84 },
      inputs: [[120]],
      output: [84],
      trainable: 10_164,
      macs: 10_080,
      connections: 10_164,
      note: text('F6 of LeNet-5', 'LeNet-5의 F6'),
    },
    {
      params: { units: 10 },
      inputs: [[3_072]],
      output: [10],
      trainable: 30_730,
      macs: 30_720,
      connections: 30_730,
      note: text('A linear classifier of CIFAR-10', 'CIFAR-10의 선형 분류기'),
    },
    {
      params: { units: 10, bias: false },
      inputs: [[84]],
      output: [10],
      trainable: 840,
      macs: 840,
      connections: 840,
    },
  ],
})
