import { text } from '../network/text.ts'
import { defineLayer, type Shape } from './kind.ts'
import { showShape } from './shape.ts'

/** A vector of C values beside maps stands for one value a channel. */
const aligned = (shape: Shape, rank: number): Shape =>
  shape.length === 1 ? [shape[0]!, ...new Array<number>(rank - 1).fill(1)] : shape

const rankOf = (shapes: readonly Shape[]): number => Math.max(...shapes.map((shape) => shape.length))

/** The larger of the sizes along each axis. */
const together = (shapes: readonly Shape[]): number[] => {
  const rank = rankOf(shapes)
  const all = shapes.map((shape) => aligned(shape, rank))
  return Array.from({ length: rank }, (_, axis) => Math.max(...all.map((shape) => shape[axis] ?? 1)))
}

const fits = (shape: Shape, whole: Shape): boolean => {
  const own = aligned(shape, whole.length)
  return own.length === whole.length && own.every((n, axis) => n === 1 || n === whole[axis])
}

export const multiply = defineLayer({
  kind: 'multiply',
  title: text('Multiply', '곱하기'),
  category: 'merge',
  version: 1,
  inputs: [{ name: 'in', variadic: true }],
  summary: text(
    'Multiplies inputs value by value; a vector or maps of one place weigh whole channels, as a gate does.',
    '입력들을 값끼리 곱합니다. 벡터나 1칸짜리 맵은 게이트처럼 채널 전체에 곱해집니다.',
  ),
  paper: {
    citation: 'Hu, Shen and Sun, Squeeze-and-excitation networks, 2017',
    url: 'https://arxiv.org/abs/1709.01507',
  },
  params: {},
  check: (_p, inputs) => {
    const whole = together(inputs)
    const odd = inputs.find((shape) => !fits(shape, whole))
    if (!odd) return []
    return [
      {
        severity: 'error',
        code: 'unequal-shapes',
        message: text(
          `Inputs must have the same shape, or size 1 along an axis, or be a vector of one value a channel: ${showShape(odd)} does not fit ${showShape(whole)}.`,
          `입력의 형태가 같거나, 축의 크기가 1이거나, 채널마다 값이 하나인 벡터여야 합니다: ${showShape(odd)}은(는) ${showShape(whole)}에 맞지 않습니다.`,
        ),
        fix: text(
          'Bring channels and stride of the branches together.',
          '갈래들의 채널 수와 스트라이드를 맞춰 주세요.',
        ),
      },
    ]
  },
  inferShape: (_p, inputs) => together(inputs),
  forward: (b, _p, inputs) => {
    const samples = inputs.map((x) => x.shape.slice(1))
    const rank = rankOf(samples)
    return inputs
      .map((x, i) => b.reshape(x, [x.shape[0]!, ...aligned(samples[i]!, rank)]))
      .reduce((product, x) => b.mul(product, x))
  },
  examples: [
    {
      inputs: [[64, 8, 8], [64]],
      output: [64, 8, 8],
      trainable: 0,
      macs: 0,
      note: text('Channel weights of squeeze and excitation', 'Squeeze-and-Excitation의 채널 가중치'),
    },
    {
      inputs: [
        [1, 6, 5],
        [4, 6, 5],
        [4, 1, 1],
      ],
      output: [4, 6, 5],
      trainable: 0,
      macs: 0,
    },
    { inputs: [[10], [10]], output: [10], trainable: 0, macs: 0 },
  ],
})
