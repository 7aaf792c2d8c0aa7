import { type Case, cases, prepare } from '../../core/engine/ops/cases.ts'
import type { Dims } from '../../core/engine/ops/primitive.ts'
import type { Window } from '../../core/layers/builder.ts'

interface Slide {
  readonly kernel: Dims
  readonly stride?: number
  readonly pad?: number
  readonly dilation?: number
}

const windowOf = ({ kernel, stride = 1, pad = 0, dilation = 1 }: Slide): Window => {
  const every = (n: number) => kernel.map(() => n)
  return {
    kernel,
    stride: every(stride),
    padBefore: every(pad),
    padAfter: every(pad),
    dilation: every(dilation),
  }
}

/** x [2, groups * depth, ...spatial] by groups * filters filters. */
function convolution(name: string, spatial: Dims, slide: Slide, [groups, depth, filters]: Dims): Case {
  const window = windowOf(slide)
  return {
    name: `conv ${name}, ${depth} to ${filters} in ${groups}`,
    shapes: [
      [2, groups! * depth!, ...spatial],
      [groups! * filters!, depth!, ...slide.kernel],
    ],
    build: (b, [x, w]) => b.conv(x!, w!, null, window, groups!),
  }
}

function pooling(name: string, spatial: Dims, slide: Slide): Case[] {
  const window = windowOf(slide)
  const shapes = [[2, 3, ...spatial]]
  return [
    { name: `maxPool ${name}`, shapes, build: (b, [x]) => b.maxPool(x!, window) },
    // maxima of 0 beside padding, as after every ReLU
    { name: `maxPool of ReLU ${name}`, shapes, build: (b, [x]) => b.maxPool(b.relu(x!), window) },
    { name: `avgPool ${name}`, shapes, build: (b, [x]) => b.avgPool(x!, window, false) },
  ]
}

/** What the provider's kernels have paths of their own for, or lack. */
const special: Case[] = [
  convolution('1D', [11], { kernel: [3], stride: 2, pad: 1, dilation: 2 }, [1, 6, 4]),
  convolution('1x1', [6, 6], { kernel: [1, 1] }, [1, 6, 8]),
  // input channels by threes and filters by fours, forward and in both gradients
  convolution('3x3', [7, 7], { kernel: [3, 3], pad: 1 }, [1, 6, 8]),
  convolution('3x3', [6, 6], { kernel: [3, 3], pad: 1 }, [1, 16, 6]),
  convolution('3x3', [5, 5], { kernel: [3, 3], stride: 2, pad: 1 }, [1, 9, 4]),
  convolution('3x3', [6, 6], { kernel: [3, 3], pad: 2, dilation: 2 }, [3, 2, 4]),
  convolution('depthwise', [6, 6], { kernel: [3, 3], pad: 1 }, [6, 1, 1]),
  convolution('3D', [4, 5, 4], { kernel: [3, 3, 2], stride: 2, pad: 1 }, [1, 3, 4]),
  convolution('3D', [4, 4, 3], { kernel: [2, 3, 2], pad: 2 }, [2, 2, 2]),
  ...pooling('1D', [9], { kernel: [3], stride: 2, pad: 1 }),
  ...pooling('3x3', [6, 7], { kernel: [3, 3], stride: 2, pad: 1 }),
  ...pooling('3D', [4, 4, 5], { kernel: [2, 2, 2], stride: 2, pad: 1 }),
  {
    name: 'matmul of many',
    shapes: [
      [33, 84],
      [84, 120],
    ],
    build: (b, [x, w]) => b.matmul(x!, w!),
  },
]

export const operatorCases: readonly Case[] = [...cases, ...special]
export { prepare }
