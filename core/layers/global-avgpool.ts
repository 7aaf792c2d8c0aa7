import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { globalAverage, globalPooling, globalPoolingParams } from './pooling.ts'

export const globalAvgpool = defineLayer({
  kind: 'global-avgpool',
  title: text('Global average pooling', '전역 평균 풀링'),
  category: 'pool',
  version: 1,
  inputs: [{ name: 'in', ranks: [2, 3, 4] }],
  summary: text(
    'Replaces every map by its mean: one value a channel, whatever the size of the maps.',
    '맵을 각각 평균값 하나로 바꿉니다. 맵의 크기와 관계없이 채널마다 값 하나가 나옵니다.',
  ),
  paper: {
    citation: 'Lin, Chen and Yan, Network in network, 2013',
    url: 'https://arxiv.org/abs/1312.4400',
  },
  params: globalPoolingParams(),
  ...globalPooling,
  forward: globalAverage,
  examples: [
    {
      inputs: [[512, 7, 7]],
      output: [512],
      trainable: 0,
      macs: 0,
      note: text('Before the classifier of ResNet-18', 'ResNet-18의 분류기 앞'),
    },
    { params: { keep: true }, inputs: [[16, 8, 6]], output: [16, 1, 1], trainable: 0, macs: 0 },
    { inputs: [[4, 25]], output: [4], trainable: 0, macs: 0 },
    { params: { keep: true }, inputs: [[2, 3, 4, 5]], output: [2, 1, 1, 1], trainable: 0, macs: 0 },
  ],
})
