import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { axes } from './params.ts'

export const pad2d = defineLayer({
  kind: 'pad2d',
  title: text('Padding 2D', '패딩 2D'),
  category: 'conv',
  version: 1,
  inputs: [{ name: 'in', ranks: [3] }],
  summary: text('Puts zeros around every map.', '모든 맵의 둘레를 0으로 채웁니다.'),
  params: {
    amounts: axes({
      default: [2, 2, 2, 2],
      axes: ['top', 'bottom', 'left', 'right'],
      min: 0,
      max: 1024,
      label: text('Amounts', '크기'),
      help: text(
        'Rows of zeros above and below, columns left and right.',
        '위, 아래에 더할 0의 행 수와 왼쪽, 오른쪽에 더할 열 수입니다.',
      ),
      shownOnNode: true,
    }),
  },
  inferShape: ({ amounts: [top, bottom, left, right] }, [shape]) => [
    shape![0]!,
    shape![1]! + top! + bottom!,
    shape![2]! + left! + right!,
  ],
  receptive: ({ amounts }) => ({
    kernel: [1, 1],
    stride: [1, 1],
    padBefore: [amounts[0]!, amounts[2]!],
    dilation: [1, 1],
  }),
  forward: (b, { amounts: [top, bottom, left, right] }, [x]) =>
    b.pad(x!, [
      [0, 0],
      [0, 0],
      [top!, bottom!],
      [left!, right!],
    ]),
  examples: [
    { inputs: [[1, 28, 28]], output: [1, 32, 32], trainable: 0, macs: 0 },
    { params: { amounts: [0, 1, 2, 3] }, inputs: [[4, 5, 6]], output: [4, 6, 11], trainable: 0, macs: 0 },
  ],
})
