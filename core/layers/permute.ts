import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { axes } from './params.ts'

export const permute = defineLayer({
  kind: 'permute',
  title: text('Permute', '축 바꾸기'),
  category: 'dense',
  version: 1,
  inputs: [{ name: 'in', ranks: [2, 3, 4] }],
  summary: text(
    'Puts the axes of a sample in another order, e.g. height before channels.',
    '샘플의 축 순서를 바꿉니다. 예를 들어 높이를 채널 앞에 둡니다.',
  ),
  params: {
    order: axes({
      default: [1, 3, 2],
      axes: ['1', '2', '3'],
      alternatives: [
        ['1', '2'],
        ['1', '2', '3', '4'],
      ],
      min: 1,
      max: 4,
      label: text('Order', '순서'),
      help: text(
        'For each axis of the output the axis of the input that it comes from; 1 is the channels.',
        '출력의 축마다 어느 입력 축에서 오는지 정합니다. 1은 채널입니다.',
      ),
      shownOnNode: true,
    }),
  },
  check: ({ order }, [shape]) => {
    const rank = shape!.length
    if (order.length === rank && shape!.every((_, axis) => order.includes(axis + 1))) return []
    return [
      {
        severity: 'error',
        code: 'bad-order',
        param: 'order',
        message: text(
          `The order ${order.join(', ')} does not name each of the ${rank} axes once.`,
          `순서 ${order.join(', ')}에 축 ${rank}개가 한 번씩 나오지 않습니다.`,
        ),
        fix: text(`Name 1 to ${rank}, each once.`, `1부터 ${rank}까지 한 번씩 써 주세요.`),
      },
    ]
  },
  inferShape: ({ order }, [shape]) => order.map((axis) => shape![axis - 1]!),
  receptive: () => null,
  forward: (b, { order }, [x]) => b.transpose(x!, [0, ...order]),
  examples: [
    { inputs: [[3, 4, 5]], output: [3, 5, 4], trainable: 0, macs: 0 },
    { params: { order: [2, 3, 1] }, inputs: [[3, 4, 5]], output: [4, 5, 3], trainable: 0, macs: 0 },
    { params: { order: [2, 1] }, inputs: [[8, 30]], output: [30, 8], trainable: 0, macs: 0 },
    { params: { order: [4, 1, 3, 2] }, inputs: [[2, 3, 4, 5]], output: [5, 2, 4, 3], trainable: 0, macs: 0 },
  ],
})
