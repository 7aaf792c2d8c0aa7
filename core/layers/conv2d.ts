import { text } from '../network/text.ts'
import { biasParam, biasWeights, initializerOf, initializerParam } from './initializers.ts'
import { defineLayer } from './kind.ts'
import { int } from './params.ts'
import { product } from './shape.ts'
import { resolveWindow } from './window.ts'
import {
  checkWindow,
  dilationParam,
  kernelParam,
  paddingParam,
  padsParam,
  receptiveOf,
  strideParam,
} from './window-check.ts'

export const conv2d = defineLayer({
  kind: 'conv2d',
  title: text('Conv 2D', 'Conv 2D'),
  category: 'conv',
  version: 1,
  inputs: [{ name: 'in', ranks: [3] }],
  summary: text(
    'Slides small trainable filters over the maps; each filter makes one output map.',
    '학습되는 작은 필터를 특징 맵 위로 옮겨 가며 적용합니다. 필터 하나가 출력 맵 하나를 만듭니다.',
  ),
  paper: {
    citation: 'LeCun et al., Gradient-based learning applied to document recognition, 1998',
    url: 'https://doi.org/10.1109/5.726791',
  },
  params: {
    filters: int({
      default: 32,
      min: 1,
      max: 65_536,
      label: text('Filters', '필터 수'),
      help: text('Number of output maps.', '출력 특징 맵의 수입니다.'),
      shownOnNode: true,
    }),
    kernel: kernelParam(3),
    stride: strideParam(1),
    padding: paddingParam('same'),
    pads: padsParam(),
    dilation: dilationParam(),
    groups: int({
      default: 1,
      min: 1,
      max: 65_536,
      label: text('Groups', '그룹'),
      help: text(
        'Input and output maps are split into that many parts that do not see one another; as many as there are maps is a depthwise convolution.',
        '입력과 출력 맵을 서로 연결되지 않은 그룹으로 나눕니다. 맵의 수와 같으면 깊이별(depthwise) 합성곱입니다.',
      ),
      shownOnNode: true,
    }),
    bias: biasParam(),
    initializer: initializerParam(),
  },
  check: (p, [shape]) => {
    const channels = shape![0]!
    if (channels % p.groups !== 0 || p.filters % p.groups !== 0)
      return [
        {
          severity: 'error',
          code: 'groups-do-not-divide',
          param: 'groups',
          message: text(
            `${p.groups} groups must divide both the ${channels} input maps and the ${p.filters} filters.`,
            `그룹 수 ${p.groups}은(는) 입력 맵 ${channels}개와 필터 ${p.filters}개를 모두 나누어떨어지게 해야 합니다.`,
          ),
          fix: text(
            `Choose a common divisor of ${channels} and ${p.filters}.`,
            `${channels}과(와) ${p.filters}의 공약수를 선택해 주세요.`,
          ),
        },
      ]
    return checkWindow(p, shape!.slice(1))
  },
  inferShape: (p, [shape]) => [p.filters, ...resolveWindow(p, shape!.slice(1)).output],
  weights: (p, [shape]) => {
    const depth = shape![0]! / p.groups
    const fanIn = depth * product(p.kernel)
    const fanOut = (p.filters / p.groups) * product(p.kernel)
    return [
      {
        name: 'weight',
        shape: [p.filters, depth, ...p.kernel],
        init: initializerOf(p.initializer, fanIn, fanOut),
      },
      ...biasWeights(p.bias, p.filters),
    ]
  },
  macs: (p, [shape], output) => product(output) * (shape![0]! / p.groups) * product(p.kernel),
  connections: (p, [shape], output) =>
    product(output) * ((shape![0]! / p.groups) * product(p.kernel) + (p.bias ? 1 : 0)),
  receptive: (p, [shape]) => receptiveOf(p, shape!.slice(1)),
  forward: (b, p, [x], w) =>
    b.conv(x!, w.weight!, w.bias ?? null, resolveWindow(p, x!.shape.slice(2)).window, p.groups),
  examples: [
    {
      params: { filters: 6, kernel: [5, 5], padding: 'valid' },
      inputs: [[1, 32, 32]],
      output: [6, 28, 28],
      trainable: 156,
      macs: 117_600,
      connections: 122_304,
      note: text('C1 of LeNet-5', 'LeNet-5의 C1'),
    },
    {
      params: { filters: 1, kernel: [5, 5], padding: 'valid', bias: false },
      inputs: [[3, 32, 32]],
      output: [1, 28, 28],
      trainable: 75,
      macs: 58_800,
      connections: 58_800,
    },
    {
      params: {
        filters: 64,
        kernel: [7, 7],
        stride: [2, 2],
        padding: 'explicit',
        pads: [3, 3, 3, 3],
        bias: false,
      },
      inputs: [[3, 224, 224]],
      output: [64, 112, 112],
      trainable: 9_408,
      macs: 118_013_952,
      connections: 118_013_952,
    },
    {
      params: { filters: 256, kernel: [5, 5], groups: 2 },
      inputs: [[96, 27, 27]],
      output: [256, 27, 27],
      trainable: 307_456,
      macs: 223_948_800,
      connections: 224_135_424,
      note: text('conv2 of AlexNet, one group a GPU', 'AlexNet의 conv2, GPU마다 그룹 하나'),
    },
    {
      params: { filters: 8, kernel: [3, 3], dilation: [2, 2], padding: 'explicit', pads: [0, 1, 2, 0] },
      inputs: [[4, 9, 9]],
      output: [8, 6, 7],
      trainable: 296,
      macs: 12_096,
      connections: 12_432,
    },
  ],
})
