import { text } from '../network/text.ts'
import { dropped, rateParam } from './dropping.ts'
import { defineLayer } from './kind.ts'

export const channelDropout = defineLayer({
  kind: 'channel-dropout',
  title: text('Channel dropout', '채널 드롭아웃'),
  category: 'regularization',
  version: 1,
  inputs: [{ name: 'in', ranks: [2, 3, 4] }],
  summary: text(
    'While training, sets whole channels to zero at random and scales the others up; neighbouring pixels are too alike for dropping single ones to matter.',
    '학습 중에 채널 전체를 무작위로 0으로 만들고 나머지를 키웁니다. 이웃한 픽셀은 서로 비슷해서 하나씩 지우는 것으로는 효과가 적습니다.',
  ),
  paper: {
    citation: 'Tompson et al., Efficient object localization using convolutional networks, 2014',
    url: 'https://arxiv.org/abs/1411.4280',
  },
  params: {
    rate: rateParam(0.5, text('Share of the channels set to zero.', '0으로 만드는 채널의 비율입니다.')),
  },
  inferShape: (_p, [shape]) => shape!,
  forward: (b, { rate }, [x], _w, mode) =>
    dropped(b, x!, rate, mode, [x!.shape[0]!, x!.shape[1]!, ...x!.shape.slice(2).map(() => 1)]),
  examples: [
    { inputs: [[16, 8, 8]], output: [16, 8, 8], trainable: 0, macs: 0 },
    { params: { rate: 0.2 }, inputs: [[4, 30]], output: [4, 30], trainable: 0, macs: 0 },
    { params: { rate: 0 }, inputs: [[2, 3, 4, 4]], output: [2, 3, 4, 4], trainable: 0, macs: 0 },
  ],
})
