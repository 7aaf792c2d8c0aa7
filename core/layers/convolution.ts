import type { Issue } from '../network/issue.ts'
import { text } from '../network/text.ts'
import type { Builder, Tensor } from './builder.ts'
import { startParams, startWeights } from './initializers.ts'
import type { Receptive, Shape, WeightSpec } from './kind.ts'
import { int, type ParamsOf } from './params.ts'
import { product } from './shape.ts'
import { resolveWindow } from './window.ts'
import { checkWindow, receptiveOf } from './window-check.ts'
import {
  dilationParam,
  kernelParam,
  paddingParam,
  padsParam,
  type Rank,
  strideParam,
} from './window-params.ts'

/** Parameters and facets that convolutions over 1, 2 and 3 spatial axes share; the files of the kinds map them. */

const filtersParam = () =>
  int({
    default: 32,
    min: 1,
    max: 65_536,
    label: text('Filters', '필터 수'),
    help: text('Number of output maps.', '출력 특징 맵의 수입니다.'),
    shownOnNode: true,
  })

const groupsParam = () =>
  int({
    default: 1,
    min: 1,
    max: 65_536,
    label: text('Groups', '그룹'),
    help: text(
      'Input and output maps are split into that many parts that do not see one another; as many as there are maps is a depthwise convolution.',
      '입력과 출력 맵을 서로 연결되지 않은 그룹으로 나눕니다. 맵의 수와 같으면 깊이별(depthwise) 합성곱입니다.',
    ),
    shownOnNode: true,
  })

export const slidingParams = (rank: Rank) => ({
  kernel: kernelParam(3, rank),
  stride: strideParam(1, rank),
  padding: paddingParam('same'),
  pads: padsParam(rank),
  dilation: dilationParam(rank),
})

export const convolutionParams = (rank: Rank) => ({
  filters: filtersParam(),
  ...slidingParams(rank),
  groups: groupsParam(),
  ...startParams(),
})
export type ConvolutionParams = ParamsOf<ReturnType<typeof convolutionParams>>

/** An error when groups do not divide the maps on both sides. */
export function checkGroups(channels: number, filters: number, groups: number): Omit<Issue, 'layer'>[] {
  if (channels % groups === 0 && filters % groups === 0) return []
  return [
    {
      severity: 'error',
      code: 'groups-do-not-divide',
      param: 'groups',
      message: text(
        `${groups} groups must divide both the ${channels} input maps and the ${filters} filters.`,
        `그룹 수 ${groups}은(는) 입력 맵 ${channels}개와 필터 ${filters}개를 모두 나누어떨어지게 해야 합니다.`,
      ),
      fix: text(
        `Choose a common divisor of ${channels} and ${filters}.`,
        `${channels}과(와) ${filters}의 공약수를 선택해 주세요.`,
      ),
    },
  ]
}

type Inputs = readonly Shape[]

/** Weights that one output place of one map reads. */
const reach = (p: ConvolutionParams, [shape]: Inputs): number => (shape![0]! / p.groups) * product(p.kernel)

export const convolution = {
  check(p: ConvolutionParams, [shape]: Inputs): Omit<Issue, 'layer'>[] {
    const wrong = checkGroups(shape![0]!, p.filters, p.groups)
    return wrong.length > 0 ? wrong : checkWindow(p, shape!.slice(1))
  },
  inferShape: (p: ConvolutionParams, [shape]: Inputs): Shape => [
    p.filters,
    ...resolveWindow(p, shape!.slice(1)).output,
  ],
  weights: (p: ConvolutionParams, inputs: Inputs): WeightSpec[] =>
    startWeights(p, [p.filters, inputs[0]![0]! / p.groups, ...p.kernel], p.filters, {
      fanIn: reach(p, inputs),
      fanOut: (p.filters / p.groups) * product(p.kernel),
    }),
  macs: (p: ConvolutionParams, inputs: Inputs, output: Shape): number => product(output) * reach(p, inputs),
  connections: (p: ConvolutionParams, inputs: Inputs, output: Shape): number =>
    product(output) * (reach(p, inputs) + (p.bias ? 1 : 0)),
  receptive: (p: ConvolutionParams, [shape]: Inputs): Receptive => receptiveOf(p, shape!.slice(1)),
  forward: (
    b: Builder,
    p: ConvolutionParams,
    [x]: readonly Tensor[],
    w: Readonly<Record<string, Tensor>>,
  ): Tensor => b.conv(x!, w.weight!, w.bias ?? null, resolveWindow(p, x!.shape.slice(2)).window, p.groups),
}
