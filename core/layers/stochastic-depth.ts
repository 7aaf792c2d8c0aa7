import { text } from '../network/text.ts'
import { dropped, rateParam } from './dropping.ts'
import { defineLayer } from './kind.ts'
import { choice } from './params.ts'

export const stochasticDepth = defineLayer({
  kind: 'stochastic-depth',
  title: text('Stochastic depth', '확률적 깊이'),
  category: 'regularization',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'At the end of a residual branch: while training, drops the whole branch at random, so that the network is shorter, and scales it up otherwise.',
    '잔차 갈래의 끝에 둡니다. 학습 중에 갈래 전체를 무작위로 없애 네트워크를 짧게 하고, 남길 때는 그만큼 키웁니다.',
  ),
  paper: {
    citation: 'Huang et al., Deep networks with stochastic depth, 2016',
    url: 'https://arxiv.org/abs/1603.09382',
  },
  params: {
    rate: rateParam(0.2, text('How often the branch is dropped.', '갈래를 없애는 확률입니다.')),
    per: choice({
      default: 'sample' as 'sample' | 'batch',
      options: [
        { value: 'sample', label: text('Sample', '샘플') },
        { value: 'batch', label: text('Batch', '배치') },
      ],
      label: text('Drawn for each', '추첨 단위'),
      help: text(
        'Whether each sample or the whole batch keeps or drops the branch; the paper draws for the batch.',
        '샘플마다 또는 배치 전체에서 한 번에 정합니다. 논문은 배치 단위입니다.',
      ),
    }),
  },
  inferShape: (_p, [shape]) => shape!,
  forward: (b, { rate, per }, [x], _w, mode) =>
    dropped(
      b,
      x!,
      rate,
      mode,
      x!.shape.map((n, axis) => (axis === 0 && per === 'sample' ? n : 1)),
    ),
  examples: [
    { inputs: [[64, 8, 8]], output: [64, 8, 8], trainable: 0, macs: 0 },
    { params: { rate: 0.5, per: 'batch' }, inputs: [[84]], output: [84], trainable: 0, macs: 0 },
    { params: { rate: 0 }, inputs: [[4, 30]], output: [4, 30], trainable: 0, macs: 0 },
  ],
})
