import { text } from '../network/text.ts'
import type { Builder, Tensor } from './builder.ts'
import { defineLayer } from './kind.ts'
import { bool } from './params.ts'
import { type ResolvedWindow, resolveWindow } from './window.ts'
import { checkPoolWindow, receptiveOf } from './window-check.ts'
import { ceilParam, kernelParam, paddingParam, padsParam, strideParam } from './window-params.ts'

export const avgpool2d = defineLayer({
  kind: 'avgpool2d',
  title: text('Average pooling 2D', '평균 풀링 2D'),
  category: 'pool',
  version: 1,
  inputs: [{ name: 'in', ranks: [3] }],
  summary: text('Replaces each window by its mean, map by map.', '맵마다 각 윈도를 평균값 하나로 바꿉니다.'),
  paper: {
    citation: 'LeCun et al., Handwritten digit recognition with a back-propagation network, 1989',
  },
  params: {
    kernel: kernelParam(2),
    stride: strideParam(2),
    padding: paddingParam('valid'),
    pads: padsParam(),
    ceil: ceilParam(),
    countPadding: bool({
      default: false,
      label: text('Count padding', '패딩 포함'),
      help: text(
        'Whether padded places count as zeros in the mean. Places that only Round up added never count.',
        '평균을 낼 때 패딩을 0으로 셀지 정합니다. 올림으로만 더해진 자리는 세지 않습니다.',
      ),
    }),
  },
  check: (p, [shape]) => checkPoolWindow(p, shape!.slice(1)),
  inferShape: (p, [shape]) => [shape![0]!, ...resolveWindow(p, shape!.slice(1)).output],
  receptive: (p, [shape]) => receptiveOf(p, shape!.slice(1)),
  forward: (b, p, [x]) => {
    const resolved = resolveWindow(p, x!.shape.slice(2))
    const mean = b.avgPool(x!, resolved.window, p.countPadding)
    return p.countPadding && resolved.overhang.some((n) => n > 0) ? withoutOverhang(b, mean, resolved) : mean
  },
  examples: [
    { inputs: [[16, 10, 10]], output: [16, 5, 5], trainable: 0, macs: 0 },
    {
      params: { kernel: [7, 7], stride: [1, 1] },
      inputs: [[512, 7, 7]],
      output: [512, 1, 1],
      trainable: 0,
      macs: 0,
    },
    {
      params: { kernel: [3, 3], stride: [1, 1], padding: 'same' },
      inputs: [[3, 8, 6]],
      output: [3, 8, 6],
      trainable: 0,
      macs: 0,
    },
    {
      params: { kernel: [2, 3], ceil: true, countPadding: true, padding: 'explicit', pads: [0, 0, 1, 0] },
      inputs: [[3, 7, 7]],
      output: [3, 4, 4],
      trainable: 0,
      macs: 0,
    },
  ],
})

/** The last window of an axis was divided by its whole size; its overhang does not count (as in PyTorch). */
function withoutOverhang(b: Builder, mean: Tensor, { window, output, overhang }: ResolvedWindow): Tensor {
  const factor = (axis: number, place: number) => {
    const kernel = window.kernel[axis]!
    return place === output[axis]! - 1 ? kernel / (kernel - overhang[axis]!) : 1
  }
  const factors: number[] = []
  for (let row = 0; row < output[0]!; row++)
    for (let column = 0; column < output[1]!; column++) factors.push(factor(0, row) * factor(1, column))
  return b.mul(mean, b.constant(factors, [1, 1, ...output]))
}
