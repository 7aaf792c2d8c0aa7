import { text } from '../network/text.ts'
import { defineLayer, type Shape } from './kind.ts'
import { axes } from './params.ts'
import { product, showShape } from './shape.ts'

/** The sizes asked for, with what is left in the place of -1; null when the values do not come out even. */
function fill(wanted: readonly number[], shape: Shape): number[] | null {
  const open = wanted.filter((n) => n === -1).length
  const known = product(wanted.filter((n) => n !== -1))
  const rest = product(shape) / known
  if (open > 1 || known === 0 || (open === 0 ? rest !== 1 : !Number.isInteger(rest))) return null
  return wanted.map((n) => (n === -1 ? rest : n))
}

export const reshape = defineLayer({
  kind: 'reshape',
  title: text('Reshape', '형태 바꾸기'),
  category: 'dense',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'Gives the same values, row by row, another shape.',
    '값은 행 순서 그대로 두고 형태만 바꿉니다.',
  ),
  params: {
    shape: axes({
      default: [-1, 1, 1],
      axes: ['C', 'H', 'W'],
      alternatives: [['F'], ['C', 'L'], ['C', 'D', 'H', 'W']],
      min: -1,
      max: 100_000_000,
      label: text('Shape', '형태'),
      help: text(
        'Sizes of the output, without the batch. One of them may be -1: whatever is left.',
        '배치를 뺀 출력의 크기입니다. 하나는 -1로 두어 나머지로 정할 수 있습니다.',
      ),
      shownOnNode: true,
    }),
  },
  check: (p, [shape]) => {
    if (fill(p.shape, shape!)) return []
    const size = product(shape!)
    return [
      {
        severity: 'error',
        code: 'wrong-size',
        param: 'shape',
        message: text(
          `The ${size} values of ${showShape(shape!)} do not fill the shape ${showShape(p.shape)}.`,
          `${showShape(shape!)}의 값 ${size}개는 형태 ${showShape(p.shape)}에 맞지 않습니다.`,
        ),
        fix: text(
          `Use sizes whose product is ${size}, at most one of them -1.`,
          `곱이 ${size}이(가) 되는 크기를 쓰고, -1은 하나까지만 두세요.`,
        ),
      },
    ]
  },
  inferShape: (p, [shape]) => fill(p.shape, shape!) ?? p.shape,
  receptive: () => null,
  forward: (b, p, [x]) => b.reshape(x!, [x!.shape[0]!, ...(fill(p.shape, x!.shape.slice(1)) ?? p.shape)]),
  examples: [
    { inputs: [[100]], output: [100, 1, 1], trainable: 0, macs: 0 },
    { params: { shape: [256, 4, 4] }, inputs: [[4_096]], output: [256, 4, 4], trainable: 0, macs: 0 },
    { params: { shape: [64, -1] }, inputs: [[64, 7, 7]], output: [64, 49], trainable: 0, macs: 0 },
    { params: { shape: [-1] }, inputs: [[2, 3, 4]], output: [24], trainable: 0, macs: 0 },
    { params: { shape: [1, 2, -1, 3] }, inputs: [[6, 5]], output: [1, 2, 5, 3], trainable: 0, macs: 0 },
  ],
})
