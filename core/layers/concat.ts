import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { showShape } from './shape.ts'

export const concat = defineLayer({
  kind: 'concat',
  title: text('Concat', '이어 붙이기'),
  category: 'merge',
  version: 1,
  inputs: [{ name: 'in', variadic: true }],
  summary: text(
    'Stacks the maps of all inputs on one another, along the channels.',
    '모든 입력의 맵을 채널 방향으로 쌓습니다.',
  ),
  paper: {
    citation: 'Szegedy et al., Going deeper with convolutions, 2014',
    url: 'https://arxiv.org/abs/1409.4842',
  },
  params: {},
  check: (_p, [first, ...others]) => {
    const rest = showShape(first!.slice(1))
    const other = others.find((s) => s.length !== first!.length || showShape(s.slice(1)) !== rest)
    if (!other) return []
    return [
      {
        severity: 'error',
        code: 'unequal-shapes',
        message: text(
          `Inputs may differ in channels alone: one is ${showShape(first!)}, another ${showShape(other)}.`,
          `입력은 채널 수만 다를 수 있는데, 하나는 ${showShape(first!)}, 다른 하나는 ${showShape(other)}입니다.`,
        ),
        fix: text(
          'Give the branches the same stride and padding, so that height and width agree.',
          '높이와 너비가 같아지도록 갈래들의 스트라이드와 패딩을 맞춰 주세요.',
        ),
      },
    ]
  },
  inferShape: (_p, inputs) => [inputs.reduce((sum, shape) => sum + shape[0]!, 0), ...inputs[0]!.slice(1)],
  forward: (b, _p, inputs) => b.concat(inputs, 1),
  examples: [
    {
      inputs: [
        [64, 28, 28],
        [128, 28, 28],
        [32, 28, 28],
        [32, 28, 28],
      ],
      output: [256, 28, 28],
      trainable: 0,
      macs: 0,
      note: text('Inception 3a of GoogLeNet', 'GoogLeNet의 Inception 3a'),
    },
    { inputs: [[10], [20]], output: [30], trainable: 0, macs: 0 },
  ],
})
