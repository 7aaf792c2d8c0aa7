import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { int } from './params.ts'

export const slice = defineLayer({
  kind: 'slice',
  title: text('Slice', '잘라 내기'),
  category: 'merge',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'Takes some channels in a row and leaves the others out; several slices of one input split it.',
    '이어진 일부 채널만 꺼냅니다. 한 입력에 여러 개를 두면 입력을 나눌 수 있습니다.',
  ),
  paper: {
    citation: 'Ma et al., ShuffleNet V2, 2018',
    url: 'https://arxiv.org/abs/1807.11164',
  },
  params: {
    begin: int({
      default: 0,
      min: 0,
      max: 1_000_000,
      label: text('First channel', '첫 채널'),
      help: text('Counted from 0.', '0부터 셉니다.'),
      shownOnNode: true,
    }),
    count: int({
      default: 1,
      min: 1,
      max: 1_000_000,
      label: text('Channels', '채널 수'),
      help: text('How many channels are taken.', '꺼낼 채널의 수입니다.'),
      shownOnNode: true,
    }),
  },
  check: (p, [shape]) => {
    const end = p.begin + p.count
    if (end <= shape![0]!) return []
    return [
      {
        severity: 'error',
        code: 'out-of-range',
        param: p.begin >= shape![0]! ? 'begin' : 'count',
        message: text(
          `Channels ${p.begin} to ${end - 1} are asked for; there are ${shape![0]}, counted from 0.`,
          `${p.begin}~${end - 1}번 채널을 꺼내려는데 채널은 ${shape![0]}개이며 0부터 셉니다.`,
        ),
        fix: text(
          `Keep first channel and number within ${shape![0]} together.`,
          `첫 채널과 채널 수의 합이 ${shape![0]}을(를) 넘지 않게 해 주세요.`,
        ),
      },
    ]
  },
  inferShape: (p, [shape]) => [p.count, ...shape!.slice(1)],
  forward: (b, p, [x]) => b.slice(x!, 1, p.begin, p.begin + p.count),
  examples: [
    { inputs: [[3, 8, 8]], output: [1, 8, 8], trainable: 0, macs: 0 },
    { params: { begin: 58, count: 58 }, inputs: [[116, 7, 7]], output: [58, 7, 7], trainable: 0, macs: 0 },
    { params: { begin: 2, count: 3 }, inputs: [[10]], output: [3], trainable: 0, macs: 0 },
  ],
})
