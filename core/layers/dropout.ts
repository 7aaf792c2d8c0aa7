import { text } from '../network/text.ts'
import { dropped, rateParam } from './dropping.ts'
import { defineLayer } from './kind.ts'

export const dropout = defineLayer({
  kind: 'dropout',
  title: text('Dropout', '드롭아웃'),
  category: 'regularization',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'While training, sets values to zero at random and scales the others up, so that their mean stays; otherwise does nothing.',
    '학습할 때만 값을 무작위로 0으로 만들고, 평균이 유지되도록 나머지를 키웁니다. 그 밖에는 그대로 통과시킵니다.',
  ),
  paper: {
    citation: 'Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, 2014',
    url: 'https://jmlr.org/papers/v15/srivastava14a.html',
  },
  params: {
    rate: rateParam(0.5, text('Share of the values set to zero.', '0으로 만드는 값의 비율입니다.')),
  },
  inferShape: (_p, [shape]) => shape!,
  forward: (b, { rate }, [x], _w, mode) => dropped(b, x!, rate, mode, x!.shape),
  examples: [
    { inputs: [[4_096]], output: [4_096], trainable: 0, macs: 0 },
    { params: { rate: 0 }, inputs: [[6, 14, 14]], output: [6, 14, 14], trainable: 0, macs: 0 },
  ],
})
