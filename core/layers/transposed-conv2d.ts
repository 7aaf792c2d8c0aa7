import { text } from '../network/text.ts'
import { checkGroups, convolutionParams } from './convolution.ts'
import { startWeights } from './initializers.ts'
import { defineLayer } from './kind.ts'
import { product } from './shape.ts'
import { resolveTransposed } from './window.ts'
import { cropsAll, receptiveOfTransposed } from './window-check.ts'

const shared = convolutionParams(2)

export const transposedConv2d = defineLayer({
  kind: 'transposed-conv2d',
  title: text('Transposed conv 2D', '전치 Conv 2D'),
  category: 'conv',
  version: 1,
  inputs: [{ name: 'in', ranks: [3] }],
  summary: text(
    'Spreads every value over a window of the output, the way back of a convolution; with a stride it enlarges the maps.',
    '값마다 출력의 윈도에 펼쳐 더하는, 합성곱의 역방향 연산입니다. 스트라이드만큼 맵이 커집니다.',
  ),
  paper: {
    citation: 'Zeiler et al., Deconvolutional networks, 2010',
    url: 'https://doi.org/10.1109/CVPR.2010.5539957',
  },
  params: {
    ...shared,
    stride: {
      ...shared.stride,
      help: text(
        'How many output places lie between the windows of neighbouring values.',
        '이웃한 값들의 윈도가 출력에서 떨어진 칸 수입니다.',
      ),
    },
    padding: {
      ...shared.padding,
      help: text(
        'Same: the output has input × stride places. None: the output keeps all that the windows reach. Explicit: the amounts below are cut off.',
        '같은 크기: 출력이 입력 × 스트라이드 칸이 됩니다. 없음: 윈도가 닿는 곳을 모두 남깁니다. 직접 지정: 아래 값만큼 잘라 냅니다.',
      ),
    },
    pads: {
      ...shared.pads,
      help: text(
        'Rows cut off above and below, columns left and right; used when padding is Explicit.',
        '위, 아래에서 잘라 낼 행과 왼쪽, 오른쪽에서 잘라 낼 열의 수입니다. 패딩이 직접 지정일 때 씁니다.',
      ),
    },
  },
  check: (p, [shape]) => {
    const wrong = checkGroups(shape![0]!, p.filters, p.groups)
    return wrong.length > 0 ? wrong : cropsAll(p, shape!.slice(1))
  },
  inferShape: (p, [shape]) => [p.filters, ...resolveTransposed(p, shape!.slice(1)).output],
  weights: (p, [shape]) => {
    const filters = p.filters / p.groups
    const reached = product(p.kernel) / product(p.stride)
    return startWeights(p, [shape![0]!, filters, ...p.kernel], p.filters, {
      // an output place lies under kernel / stride windows on average
      fanIn: Math.max(1, (shape![0]! / p.groups) * reached),
      fanOut: filters * product(p.kernel),
    })
  },
  macs: (p, [shape]) => product(shape!) * (p.filters / p.groups) * product(p.kernel),
  connections: (p, [shape], output) =>
    product(shape!) * (p.filters / p.groups) * product(p.kernel) + (p.bias ? product(output) : 0),
  receptive: (p, [shape]) => receptiveOfTransposed(p, shape!.slice(1)),
  forward: (b, p, [x], w) => {
    const { window, output } = resolveTransposed(p, x!.shape.slice(2))
    return b.convTranspose(x!, w.weight!, w.bias ?? null, window, p.groups, output)
  },
  examples: [
    {
      params: {
        filters: 32,
        kernel: [4, 4],
        stride: [2, 2],
        padding: 'explicit',
        pads: [1, 1, 1, 1],
        bias: false,
      },
      inputs: [[64, 4, 4]],
      output: [32, 8, 8],
      trainable: 32_768,
      macs: 524_288,
      connections: 524_288,
      note: text('Doubles the maps, as in DCGAN', 'DCGAN처럼 맵을 두 배로 키웁니다'),
    },
    {
      params: { filters: 2, stride: [2, 2] },
      inputs: [[3, 5, 4]],
      output: [2, 10, 8],
      trainable: 56,
      macs: 1_080,
      connections: 1_240,
    },
    {
      params: {
        filters: 4,
        kernel: [2, 2],
        stride: [1, 3],
        dilation: [2, 1],
        groups: 2,
        padding: 'valid',
      },
      inputs: [[2, 3, 3]],
      output: [4, 5, 8],
      trainable: 20,
      macs: 144,
      connections: 304,
    },
  ],
})
