import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { float } from './params.ts'

export const elu = defineLayer({
  kind: 'elu',
  title: text('ELU', 'ELU'),
  category: 'activation',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'x where positive, alpha (exp(x) - 1) elsewhere: smooth, and with outputs whose mean is near zero.',
    '양수는 그대로, 나머지는 alpha (exp(x) - 1)입니다. 매끄럽고 출력의 평균이 0에 가깝습니다.',
  ),
  paper: {
    citation:
      'Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by exponential linear units, 2015',
    url: 'https://arxiv.org/abs/1511.07289',
  },
  params: {
    alpha: float({
      default: 1,
      min: 0,
      max: 100,
      label: text('Alpha', 'Alpha'),
      help: text('What it falls to: -alpha.', '음의 방향으로 -alpha까지 내려갑니다.'),
      shownOnNode: true,
    }),
  },
  inferShape: (_p, [shape]) => shape!,
  forward: (b, { alpha }, [x]) => {
    const positive = b.relu(x!)
    // the smaller of x and 0, whose exponential never overflows
    const negative = b.sub(x!, positive)
    return b.add(positive, b.affine(b.exp(negative), alpha, -alpha))
  },
  examples: [
    { inputs: [[6, 28, 28]], output: [6, 28, 28], trainable: 0, macs: 0 },
    { params: { alpha: 0.5 }, inputs: [[84]], output: [84], trainable: 0, macs: 0 },
  ],
})
