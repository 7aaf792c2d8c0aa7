import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { float } from './params.ts'

export const auxiliary = defineLayer({
  kind: 'auxiliary',
  title: text('Auxiliary output', '보조 출력'),
  category: 'output',
  version: 1,
  inputs: [{ name: 'in', ranks: [1] }],
  summary: text(
    "Ends a side branch that classifies too: its loss, times a weight, is added to the network's own while training. Evaluation and exports leave the branch out.",
    '함께 분류하는 곁가지의 끝입니다. 학습 중에는 이 출력의 손실에 가중치를 곱해 네트워크의 손실에 더하고, 평가와 내보내기에서는 곁가지를 빼놓습니다.',
  ),
  paper: {
    citation: 'Szegedy et al., Going deeper with convolutions, 2015, section 5',
    url: 'https://arxiv.org/abs/1409.4842',
  },
  params: {
    weight: float({
      default: 0.3,
      min: 0.001,
      max: 1000,
      label: text('Weight of its loss', '손실 가중치'),
      help: text('GoogLeNet has 0.3 for each of its two.', 'GoogLeNet은 두 보조 출력 모두 0.3을 씁니다.'),
      shownOnNode: true,
    }),
  },
  inferShape: (_p, [shape]) => shape!,
  auxiliary: (p) => p.weight,
  forward: (_b, _p, [x]) => x!,
  examples: [
    { inputs: [[1000]], output: [1000], trainable: 0, macs: 0 },
    { params: { weight: 0.5 }, inputs: [[10]], output: [10], trainable: 0, macs: 0 },
  ],
})
