import { text } from '../network/text.ts'
import { defineLayer, type Initializer } from './kind.ts'
import { choice } from './params.ts'
import { product } from './shape.ts'
import { resolveWindow } from './window.ts'
import { checkWindow, receptiveOf } from './window-check.ts'
import { kernelParam, strideParam } from './window-params.ts'

export const subsampling = defineLayer({
  kind: 'subsampling',
  title: text('Subsampling (LeNet)', '서브샘플링 (LeNet)'),
  category: 'pool',
  version: 1,
  inputs: [{ name: 'in', ranks: [3] }],
  summary: text(
    'Sums each window, times one trainable coefficient, plus one trainable bias a map.',
    '각 윈도를 더한 뒤 맵마다 학습되는 계수 하나를 곱하고 편향 하나를 더합니다.',
  ),
  paper: {
    citation: 'LeCun et al., Gradient-based learning applied to document recognition, 1998, layers S2 and S4',
    url: 'https://doi.org/10.1109/5.726791',
  },
  params: {
    kernel: kernelParam(2),
    stride: strideParam(2),
    initializer: choice({
      default: 'lenet' as 'lenet' | 'mean',
      options: [
        { value: 'lenet', label: text('LeNet uniform (2.4 / fan-in)', 'LeNet 균등분포 (2.4 / fan-in)') },
        { value: 'mean', label: text('Mean of the window', '윈도의 평균') },
      ],
      label: text('Initializer', '초기화'),
      help: text(
        'How coefficients start: at random as in the paper, or so that the layer averages.',
        '계수의 초깃값입니다. 논문처럼 무작위로 하거나, 평균을 내는 값으로 시작합니다.',
      ),
    }),
  },
  check: (p, [shape]) => checkWindow(p, shape!.slice(1)),
  inferShape: (p, [shape]) => [shape![0]!, ...resolveWindow(p, shape!.slice(1)).output],
  weights: (p, [shape]) => {
    const area = product(p.kernel)
    const init: Initializer =
      p.initializer === 'mean'
        ? { type: 'constant', value: 1 / area }
        : { type: 'uniform-fan-in', fanIn: area, gain: 2.4 }
    return [
      { name: 'coefficient', shape: [shape![0]!], init },
      { name: 'bias', shape: [shape![0]!], init: { type: 'zeros' } },
    ]
  },
  connections: (p, _inputs, output) => product(output) * (product(p.kernel) + 1),
  receptive: (p, [shape]) => receptiveOf(p, shape!.slice(1)),
  forward: (b, p, [x], w) => {
    const { window } = resolveWindow(p, x!.shape.slice(2))
    const sum = b.affine(b.avgPool(x!, window, true), product(p.kernel))
    const perMap = [1, x!.shape[1]!, 1, 1]
    return b.add(b.mul(sum, b.reshape(w.coefficient!, perMap)), b.reshape(w.bias!, perMap))
  },
  examples: [
    {
      inputs: [[6, 28, 28]],
      output: [6, 14, 14],
      trainable: 12,
      macs: 0,
      connections: 5_880,
      note: text('S2 of LeNet-5', 'LeNet-5의 S2'),
    },
    {
      params: { initializer: 'mean' },
      inputs: [[16, 10, 10]],
      output: [16, 5, 5],
      trainable: 32,
      macs: 0,
      connections: 2_000,
      note: text('S4 of LeNet-5', 'LeNet-5의 S4'),
    },
  ],
})
