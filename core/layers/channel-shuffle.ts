import { text } from '../network/text.ts'
import { dividesChannels } from './channels.ts'
import { defineLayer } from './kind.ts'
import { int } from './params.ts'

export const channelShuffle = defineLayer({
  kind: 'channel-shuffle',
  title: text('Channel shuffle', '채널 섞기'),
  category: 'merge',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'Deals the channels of each group out over all groups, so that grouped convolutions see one another.',
    '각 그룹의 채널을 모든 그룹에 나누어 줍니다. 그룹 합성곱 사이에 정보가 섞이게 합니다.',
  ),
  paper: {
    citation: 'Zhang et al., ShuffleNet, 2017',
    url: 'https://arxiv.org/abs/1707.01083',
  },
  params: {
    groups: int({
      default: 2,
      min: 1,
      max: 65_536,
      label: text('Groups', '그룹'),
      help: text(
        'Groups of the convolution before it: channel i of group g goes to place i × groups + g.',
        '앞 합성곱의 그룹 수입니다. 그룹 g의 i번 채널은 i × 그룹 수 + g번 자리로 갑니다.',
      ),
      shownOnNode: true,
    }),
  },
  check: (p, [shape]) => dividesChannels(p.groups, shape![0]!),
  inferShape: (_p, [shape]) => shape!,
  forward: (b, { groups }, [x]) => {
    const [samples, channels, ...sizes] = x!.shape as [number, number, ...number[]]
    const rest = sizes.map((_, axis) => axis + 3)
    const apart = b.reshape(x!, [samples, groups, channels / groups, ...sizes])
    return b.reshape(b.transpose(apart, [0, 2, 1, ...rest]), x!.shape)
  },
  examples: [
    { inputs: [[116, 7, 7]], output: [116, 7, 7], trainable: 0, macs: 0 },
    { params: { groups: 3 }, inputs: [[12, 5, 4]], output: [12, 5, 4], trainable: 0, macs: 0 },
    { inputs: [[8]], output: [8], trainable: 0, macs: 0 },
  ],
})
