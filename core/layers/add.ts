import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { showShape } from './shape.ts'

export const add = defineLayer({
  kind: 'add',
  title: text('Add', '더하기'),
  category: 'merge',
  version: 1,
  inputs: [{ name: 'in', variadic: true }],
  summary: text(
    'Adds inputs of equal shape value by value; the junction of a residual shortcut.',
    '형태가 같은 입력들을 값끼리 더합니다. 잔차 연결이 만나는 곳입니다.',
  ),
  paper: {
    citation: 'He et al., Deep residual learning for image recognition, 2015',
    url: 'https://arxiv.org/abs/1512.03385',
  },
  params: {},
  check: (_p, [first, ...others]) => {
    const other = others.find((shape) => showShape(shape) !== showShape(first!))
    if (!other) return []
    return [
      {
        severity: 'error',
        code: 'unequal-shapes',
        message: text(
          `Inputs must have the same shape: one is ${showShape(first!)}, another ${showShape(other)}.`,
          `입력의 형태가 모두 같아야 하는데, 하나는 ${showShape(first!)}, 다른 하나는 ${showShape(other)}입니다.`,
        ),
        fix: text(
          'Bring them together with a 1×1 convolution and an equal stride, or use Concat.',
          '1×1 합성곱과 같은 스트라이드로 형태를 맞추거나, 이어 붙이기를 사용해 주세요.',
        ),
      },
    ]
  },
  inferShape: (_p, [first]) => first!,
  forward: (b, _p, inputs) => inputs.reduce((sum, x) => b.add(sum, x)),
  examples: [
    {
      inputs: [
        [64, 56, 56],
        [64, 56, 56],
      ],
      output: [64, 56, 56],
      trainable: 0,
      macs: 0,
    },
    { inputs: [[10], [10], [10]], output: [10], trainable: 0, macs: 0 },
  ],
})
