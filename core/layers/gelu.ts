import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { choice } from './params.ts'

export const gelu = defineLayer({
  kind: 'gelu',
  title: text('GELU', 'GELU'),
  category: 'activation',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'x times the probability that a standard normal number is below x: a smooth ReLU.',
    'x에 표준정규분포의 값이 x보다 작을 확률을 곱합니다. 매끄러운 ReLU입니다.',
  ),
  paper: {
    citation: 'Hendrycks and Gimpel, Gaussian error linear units (GELUs), 2016',
    url: 'https://arxiv.org/abs/1606.08415',
  },
  params: {
    formula: choice({
      default: 'exact' as 'exact' | 'tanh',
      options: [
        { value: 'exact', label: text('Exact', '정확') },
        { value: 'tanh', label: text('Tanh', 'tanh 근사') },
      ],
      label: text('Formula', '수식'),
      help: text(
        'Exact uses the error function. Tanh is the approximation of the paper, within 0.001.',
        '정확: 오차 함수를 씁니다. tanh 근사: 논문의 근사식으로, 오차는 0.001 이내입니다.',
      ),
    }),
  },
  inferShape: (_p, [shape]) => shape!,
  forward: (b, { formula }, [x]) => {
    const half = b.affine(x!, 0.5)
    if (formula === 'exact') return b.mul(half, b.affine(b.erf(b.affine(x!, Math.SQRT1_2)), 1, 1))
    const cubic = b.mul(x!, b.affine(b.mul(x!, x!), 0.044715, 1))
    return b.mul(half, b.affine(b.tanh(b.affine(cubic, Math.sqrt(2 / Math.PI))), 1, 1))
  },
  examples: [
    { inputs: [[96, 14, 14]], output: [96, 14, 14], trainable: 0, macs: 0 },
    { params: { formula: 'tanh' }, inputs: [[768]], output: [768], trainable: 0, macs: 0 },
  ],
})
