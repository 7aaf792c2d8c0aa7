import type { Issue } from '../network/issue.ts'
import { text } from '../network/text.ts'
import type { Builder, Tensor } from './builder.ts'
import { defineLayer } from './kind.ts'
import { axes, choice } from './params.ts'

export const pad2d = defineLayer({
  kind: 'pad2d',
  title: text('Padding 2D', '패딩 2D'),
  category: 'conv',
  version: 1,
  inputs: [{ name: 'in', ranks: [3] }],
  summary: text(
    'Puts zeros, or what lies inside mirrored, around every map.',
    '모든 맵의 둘레를 0 또는 안쪽 값의 거울상으로 채웁니다.',
  ),
  params: {
    amounts: axes({
      default: [2, 2, 2, 2],
      axes: ['top', 'bottom', 'left', 'right'],
      min: 0,
      max: 1024,
      label: text('Amounts', '크기'),
      help: text(
        'Rows added above and below, columns left and right.',
        '위, 아래에 더할 행 수와 왼쪽, 오른쪽에 더할 열 수입니다.',
      ),
      shownOnNode: true,
    }),
    mode: choice({
      default: 'zero' as 'zero' | 'reflect',
      options: [
        { value: 'zero', label: text('Zeros', '0') },
        { value: 'reflect', label: text('Reflect', '반사') },
      ],
      label: text('Mode', '방식'),
      help: text(
        'Zeros, or the mirror image of what lies inside; the outermost row and column are not repeated.',
        '0으로 채우거나 안쪽의 거울상으로 채웁니다. 가장 바깥 행과 열은 반복하지 않습니다.',
      ),
    }),
  },
  check: ({ amounts, mode }, [shape]) =>
    mode === 'reflect' ? [0, 1].flatMap((axis) => checkMirror(amounts, shape![axis + 1]!, axis)) : [],
  inferShape: ({ amounts: [top, bottom, left, right] }, [shape]) => [
    shape![0]!,
    shape![1]! + top! + bottom!,
    shape![2]! + left! + right!,
  ],
  receptive: ({ amounts }) => ({
    kernel: [1, 1],
    stride: [1, 1],
    padBefore: [amounts[0]!, amounts[2]!],
    dilation: [1, 1],
  }),
  forward: (b, { amounts, mode }, [x]) => {
    const [top, bottom, left, right] = amounts as [number, number, number, number]
    if (mode === 'reflect') return mirrored(b, mirrored(b, x!, 2, top, bottom), 3, left, right)
    return b.pad(x!, [
      [0, 0],
      [0, 0],
      [top, bottom],
      [left, right],
    ])
  },
  examples: [
    { inputs: [[1, 28, 28]], output: [1, 32, 32], trainable: 0, macs: 0 },
    { params: { amounts: [0, 1, 2, 3] }, inputs: [[4, 5, 6]], output: [4, 6, 11], trainable: 0, macs: 0 },
    {
      params: { amounts: [4, 4, 4, 4], mode: 'reflect' },
      inputs: [[3, 32, 32]],
      output: [3, 40, 40],
      trainable: 0,
      macs: 0,
      note: text('Around CIFAR images, as for Wide ResNet', 'Wide ResNet의 CIFAR 이미지 패딩'),
    },
    {
      params: { amounts: [2, 0, 1, 3], mode: 'reflect' },
      inputs: [[2, 3, 4]],
      output: [2, 5, 8],
      trainable: 0,
      macs: 0,
    },
  ],
})

/** A mirror shows at most all places but the outermost one. */
function checkMirror(amounts: readonly number[], size: number, axis: number): Omit<Issue, 'layer'>[] {
  const most = Math.max(amounts[2 * axis]!, amounts[2 * axis + 1]!)
  if (most < size) return []
  const along = axis === 0 ? text('height', '높이') : text('width', '너비')
  return [
    {
      severity: 'error',
      code: 'padding-too-wide',
      param: 'amounts',
      message: text(
        `A reflection of ${most} along the ${along.en} needs more than ${most} places; there are ${size}.`,
        `${along.ko} 방향으로 ${most}칸을 반사하려면 ${most}칸보다 많아야 하는데 ${size}칸뿐입니다.`,
      ),
      fix: text(
        `Use at most ${size - 1}, or pad with zeros.`,
        `${size - 1} 이하로 하거나 0으로 채워 주세요.`,
      ),
    },
  ]
}

/** One place of an axis at a time, from the outermost to the one beside the edge, and the same behind. */
function mirrored(b: Builder, x: Tensor, axis: number, before: number, after: number): Tensor {
  const last = x.shape[axis]! - 1
  const place = (i: number) => b.slice(x, axis, i, i + 1)
  const front = Array.from({ length: before }, (_, i) => place(before - i))
  const back = Array.from({ length: after }, (_, i) => place(last - 1 - i))
  return b.concat([...front, x, ...back], axis)
}
