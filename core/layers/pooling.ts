import type { Issue } from '../network/issue.ts'
import { text } from '../network/text.ts'
import type { Builder, Tensor } from './builder.ts'
import type { Receptive, Shape } from './kind.ts'
import { bool, type ParamsOf } from './params.ts'
import { product } from './shape.ts'
import { type ResolvedWindow, resolveWindow } from './window.ts'
import { checkPoolWindow, receptiveOf } from './window-check.ts'
import { ceilParam, kernelParam, paddingParam, padsParam, type Rank, strideParam } from './window-params.ts'

/** Parameters and facets that pooling over 1, 2 and 3 spatial axes shares; the files of the kinds map them. */

export const poolingParams = (rank: Rank) => ({
  kernel: kernelParam(2, rank),
  stride: strideParam(2, rank),
  padding: paddingParam('valid'),
  pads: padsParam(rank),
  ceil: ceilParam(),
})
export type PoolingParams = ParamsOf<ReturnType<typeof poolingParams>>

export const averagePoolingParams = (rank: Rank) => ({
  ...poolingParams(rank),
  countPadding: bool({
    default: false,
    label: text('Count padding', '패딩 포함'),
    help: text(
      'Whether padded places count as zeros in the mean. Places that only Round up added never count.',
      '평균을 낼 때 패딩을 0으로 셀지 정합니다. 올림으로만 더해진 자리는 세지 않습니다.',
    ),
  }),
})
export type AveragePoolingParams = ParamsOf<ReturnType<typeof averagePoolingParams>>

type Inputs = readonly Shape[]

export const pooling = {
  check: (p: PoolingParams, [shape]: Inputs): Omit<Issue, 'layer'>[] => checkPoolWindow(p, shape!.slice(1)),
  inferShape: (p: PoolingParams, [shape]: Inputs): Shape => [
    shape![0]!,
    ...resolveWindow(p, shape!.slice(1)).output,
  ],
  receptive: (p: PoolingParams, [shape]: Inputs): Receptive => receptiveOf(p, shape!.slice(1)),
}

export const maxPooling = {
  ...pooling,
  forward: (b: Builder, p: PoolingParams, [x]: readonly Tensor[]): Tensor =>
    b.maxPool(x!, resolveWindow(p, x!.shape.slice(2)).window),
}

export const averagePooling = {
  ...pooling,
  forward(b: Builder, p: AveragePoolingParams, [x]: readonly Tensor[]): Tensor {
    const resolved = resolveWindow(p, x!.shape.slice(2))
    const mean = b.avgPool(x!, resolved.window, p.countPadding)
    return p.countPadding && resolved.overhang.some((n) => n > 0) ? withoutOverhang(b, mean, resolved) : mean
  },
}

/** The last window of an axis was divided by its whole size; its overhang does not count (as in PyTorch). */
function withoutOverhang(b: Builder, mean: Tensor, { window, output, overhang }: ResolvedWindow): Tensor {
  let factors = [1]
  for (const [axis, places] of output.entries()) {
    const kernel = window.kernel[axis]!
    const last = kernel / (kernel - overhang[axis]!)
    factors = factors.flatMap((factor) =>
      Array.from({ length: places }, (_, place) => (place === places - 1 ? factor * last : factor)),
    )
  }
  return b.mul(mean, b.constant(factors, [1, 1, ...output]))
}

/** Parameters and facets of pooling that leaves one value of each map. */

export const globalPoolingParams = () => ({
  keep: bool({
    default: false,
    label: text('Keep axes', '축 유지'),
    help: text(
      'Leave the spatial axes with size 1, so that the result can be multiplied with maps, instead of a vector.',
      '벡터로 만들지 않고 공간 축을 크기 1로 남깁니다. 결과를 맵에 곱할 수 있습니다.',
    ),
  }),
})
type GlobalPoolingParams = ParamsOf<ReturnType<typeof globalPoolingParams>>

const globalShape = ({ keep }: GlobalPoolingParams, [channels, ...sizes]: Shape): number[] =>
  keep ? [channels!, ...sizes.map(() => 1)] : [channels!]

export const globalPooling = {
  inferShape: (p: GlobalPoolingParams, [shape]: Inputs): Shape => globalShape(p, shape!),
  receptive: (_p: GlobalPoolingParams, [shape]: Inputs): Receptive => {
    const [, ...kernel] = shape!
    const ones = kernel.map(() => 1)
    return { kernel, stride: ones, padBefore: kernel.map(() => 0), dilation: ones }
  },
}

export const globalAverage = (b: Builder, p: GlobalPoolingParams, [x]: readonly Tensor[]): Tensor => {
  const [samples, ...sample] = x!.shape as [number, ...number[]]
  const axes = sample.slice(1).map((_, axis) => axis + 2)
  const mean = b.affine(b.sum(x!, axes), 1 / product(sample.slice(1)))
  return b.reshape(mean, [samples, ...globalShape(p, sample)])
}

/** By one window over everything, so that of equal values the first one counts, as in other pooling. */
export const globalMaximum = (b: Builder, p: GlobalPoolingParams, [x]: readonly Tensor[]): Tensor => {
  const [samples, ...sample] = x!.shape as [number, ...number[]]
  const kernel = sample.slice(1)
  const [zeros, ones] = [kernel.map(() => 0), kernel.map(() => 1)]
  const most = b.maxPool(x!, { kernel, stride: kernel, padBefore: zeros, padAfter: zeros, dilation: ones })
  return b.reshape(most, [samples, ...globalShape(p, sample)])
}
