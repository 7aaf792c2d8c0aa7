import { text } from '../network/text.ts'
import { type ConvolutionParams, convolution, slidingParams } from './convolution.ts'
import { startParams } from './initializers.ts'
import { defineLayer } from './kind.ts'
import { int, type ParamsOf } from './params.ts'

const params = {
  multiplier: int({
    default: 1,
    min: 1,
    max: 1024,
    label: text('Multiplier', '배수'),
    help: text('Filters, and so output maps, an input map.', '입력 맵 하나당 필터, 곧 출력 맵의 수입니다.'),
    shownOnNode: true,
  }),
  ...slidingParams(2),
  ...startParams(),
}

/** A convolution with as many groups as there are input maps. */
const grouped = (p: ParamsOf<typeof params>, channels: number): ConvolutionParams => ({
  ...p,
  filters: channels * p.multiplier,
  groups: channels,
})

export const depthwiseConv2d = defineLayer({
  kind: 'depthwise-conv2d',
  title: text('Depthwise conv 2D', '깊이별 Conv 2D'),
  category: 'conv',
  version: 1,
  inputs: [{ name: 'in', ranks: [3] }],
  summary: text(
    'Filters every map by itself, without mixing maps; with a 1×1 convolution behind it, a cheap stand-in for a full one.',
    '맵을 서로 섞지 않고 맵마다 따로 필터를 적용합니다. 뒤에 1×1 합성곱을 두면 일반 합성곱을 적은 비용으로 대신합니다.',
  ),
  paper: {
    citation: 'Howard et al., MobileNets, 2017',
    url: 'https://arxiv.org/abs/1704.04861',
  },
  params,
  check: (p, inputs) => convolution.check(grouped(p, inputs[0]![0]!), inputs),
  inferShape: (p, inputs) => convolution.inferShape(grouped(p, inputs[0]![0]!), inputs),
  weights: (p, inputs) => convolution.weights(grouped(p, inputs[0]![0]!), inputs),
  macs: (p, inputs, output) => convolution.macs(grouped(p, inputs[0]![0]!), inputs, output),
  connections: (p, inputs, output) => convolution.connections(grouped(p, inputs[0]![0]!), inputs, output),
  receptive: (p, inputs) => convolution.receptive(grouped(p, inputs[0]![0]!), inputs),
  forward: (b, p, [x], w) => convolution.forward(b, grouped(p, x!.shape[1]!), [x!], w),
  examples: [
    {
      params: { bias: false },
      inputs: [[32, 112, 112]],
      output: [32, 112, 112],
      trainable: 288,
      macs: 3_612_672,
      connections: 3_612_672,
      note: text('First depthwise layer of MobileNet', 'MobileNet의 첫 깊이별 레이어'),
    },
    {
      params: { multiplier: 2, stride: [2, 2], padding: 'valid' },
      inputs: [[3, 7, 7]],
      output: [6, 3, 3],
      trainable: 60,
      macs: 486,
      connections: 540,
    },
  ],
})
