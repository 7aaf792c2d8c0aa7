import { text } from '../network/text.ts'
import type { Builder, Tensor } from './builder.ts'
import { defineLayer } from './kind.ts'
import { choice, int } from './params.ts'

export const upsample = defineLayer({
  kind: 'upsample',
  title: text('Upsample', '업샘플링'),
  category: 'conv',
  version: 1,
  inputs: [{ name: 'in', ranks: [2, 3, 4] }],
  summary: text(
    'Enlarges maps by a whole factor, by repeating values or by linear interpolation; without weights.',
    '값을 반복하거나 선형 보간하여 맵을 정수 배로 키웁니다. 가중치가 없습니다.',
  ),
  paper: {
    citation: 'Odena, Dumoulin and Olah, Deconvolution and checkerboard artifacts, 2016',
    url: 'https://doi.org/10.23915/distill.00003',
  },
  params: {
    scale: int({
      default: 2,
      min: 1,
      max: 64,
      label: text('Scale', '배율'),
      help: text(
        'How many times longer every spatial axis becomes.',
        '공간 축마다 몇 배로 커지는지 정합니다.',
      ),
      shownOnNode: true,
    }),
    interpolation: choice({
      default: 'nearest' as 'nearest' | 'linear',
      options: [
        { value: 'nearest', label: text('Nearest', '최근접') },
        { value: 'linear', label: text('Linear', '선형') },
      ],
      label: text('Interpolation', '보간'),
      help: text(
        'Nearest repeats values. Linear (bilinear for maps) blends neighbours by the distance between the centres of places, as PyTorch does with align_corners off.',
        '최근접: 값을 반복합니다. 선형(맵에서는 쌍선형): 칸 중심 사이의 거리에 따라 이웃을 섞습니다. PyTorch에서 align_corners를 끈 것과 같습니다.',
      ),
      shownOnNode: true,
    }),
  },
  inferShape: ({ scale }, [shape]) => [shape![0]!, ...shape!.slice(1).map((n) => n * scale)],
  receptive: ({ scale, interpolation }, [shape]) => {
    const sizes = shape!.slice(1)
    // taps of the transposed convolution that does the same, and where the window of place 0 begins
    const taps = interpolation === 'nearest' ? scale : 2 * scale - (scale % 2)
    const begin = interpolation === 'nearest' ? (1 - scale) / scale : (2 - scale - taps) / (2 * scale)
    return {
      kernel: sizes.map(() => (taps - 1) / scale + 1),
      stride: sizes.map(() => 1 / scale),
      padBefore: sizes.map(() => -begin),
      dilation: sizes.map(() => 1),
    }
  },
  forward: (b, { scale, interpolation }, [x]) =>
    scale === 1 ? x! : interpolation === 'nearest' ? repeated(b, x!, scale) : interpolated(b, x!, scale),
  examples: [
    { inputs: [[16, 7, 7]], output: [16, 14, 14], trainable: 0, macs: 0 },
    {
      params: { interpolation: 'linear' },
      inputs: [[3, 5, 4]],
      output: [3, 10, 8],
      trainable: 0,
      macs: 0,
    },
    {
      params: { scale: 3, interpolation: 'linear' },
      inputs: [[2, 6]],
      output: [2, 18],
      trainable: 0,
      macs: 0,
    },
    { inputs: [[2, 2, 3, 4]], output: [2, 4, 6, 8], trainable: 0, macs: 0 },
    {
      params: { interpolation: 'linear' },
      inputs: [[1, 2, 3, 4]],
      output: [1, 4, 6, 8],
      trainable: 0,
      macs: 0,
    },
  ],
})

/** Multiplies [N, C, H, 1, W, 1] by ones of [1, 1, 1, scale, 1, scale]. */
function repeated(b: Builder, x: Tensor, scale: number): Tensor {
  const [samples, channels, ...sizes] = x.shape as [number, number, ...number[]]
  const apart = b.reshape(x, [samples, channels, ...sizes.flatMap((n) => [n, 1])])
  const ones = b.constant(new Float32Array(scale ** sizes.length).fill(1), [
    1,
    1,
    ...sizes.flatMap(() => [1, scale]),
  ])
  return b.reshape(b.mul(apart, ones), [samples, channels, ...sizes.map((n) => n * scale)])
}

/** One axis after the other: a matrix product along the last axis, which then becomes the first of the spatial ones. */
function interpolated(b: Builder, x: Tensor, scale: number): Tensor {
  const rank = x.shape.length
  const order = [0, 1, rank - 1, ...Array.from({ length: rank - 3 }, (_, i) => i + 2)]
  let y = x
  for (let turn = 0; turn < rank - 2; turn++) {
    const lead = y.shape.slice(0, -1)
    const size = y.shape.at(-1)!
    const rows = lead.reduce((product, n) => product * n, 1)
    const matrix = b.constant(blend(size, scale), [size, size * scale])
    const longer = b.reshape(b.matmul(b.reshape(y, [rows, size]), matrix), [...lead, size * scale])
    y = rank === 3 ? longer : b.transpose(longer, order)
  }
  return b.affine(y, (1 / (2 * scale)) ** (rank - 2))
}

/** [size, size * scale]: how much of each place goes into each new one, in parts of 2 * scale, which are whole. */
function blend(size: number, scale: number): Float32Array {
  const places = size * scale
  const matrix = new Float32Array(size * places)
  for (let place = 0; place < places; place++) {
    const centre = Math.max(0, 2 * place + 1 - scale)
    const first = Math.floor(centre / (2 * scale))
    const second = Math.min(first + 1, size - 1)
    const behind = centre - first * 2 * scale
    matrix[first * places + place]! += 2 * scale - behind
    matrix[second * places + place]! += behind
  }
  return matrix
}
