import type { Feeds } from '../feeds.ts'
import type { Program } from '../program.ts'
import { type Build, distinct, gradientProgram } from '../testing.ts'
import { expand } from './expand.ts'
import { type Dims, sizeOf } from './primitive.ts'

/** Every primitive in use, for the tests of what executes them; no part of the product imports it. */

export interface Case {
  readonly name: string
  readonly shapes: readonly Dims[]
  readonly build: Build
  /** Range of the operands; -2 to 2 when absent. */
  readonly range?: readonly [number, number]
}

const flat = { kernel: [2, 3], stride: [2, 1], padBefore: [1, 0], padAfter: [0, 2], dilation: [1, 2] }
export const square = {
  kernel: [2, 2],
  stride: [2, 2],
  padBefore: [0, 0],
  padAfter: [0, 0],
  dilation: [1, 1],
}
const wide = { kernel: [3, 3], stride: [2, 2], padBefore: [1, 1], padAfter: [1, 1], dilation: [1, 1] }

export const cases: readonly Case[] = [
  {
    name: 'add',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    build: (b, [x, y]) => b.add(x!, y!),
  },
  {
    name: 'add, broadcast',
    shapes: [
      [2, 3, 4],
      [3, 1],
    ],
    build: (b, [x, y]) => b.add(x!, y!),
  },
  { name: 'add to itself', shapes: [[4]], build: (b, [x]) => b.add(x!, x!) },
  {
    name: 'sub, broadcast on both sides',
    shapes: [
      [3, 1],
      [1, 4],
    ],
    build: (b, [x, y]) => b.sub(x!, y!),
  },
  { name: 'mul, broadcast', shapes: [[2, 3], [3]], build: (b, [x, y]) => b.mul(x!, y!) },
  { name: 'mul by a scalar', shapes: [[2, 3], []], build: (b, [x, y]) => b.mul(x!, y!) },
  {
    name: 'div, broadcast',
    shapes: [
      [2, 3],
      [2, 1],
    ],
    range: [0.5, 3],
    build: (b, [x, y]) => b.div(x!, y!),
  },
  { name: 'affine', shapes: [[5]], build: (b, [x]) => b.affine(x!, -1.5, 0.25) },
  { name: 'affine, offset alone', shapes: [[5]], build: (b, [x]) => b.affine(x!, 1, 3) },
  { name: 'relu', shapes: [[3, 7]], build: (b, [x]) => b.relu(x!) },
  { name: 'tanh', shapes: [[3, 7]], build: (b, [x]) => b.tanh(x!) },
  { name: 'sigmoid', shapes: [[3, 7]], build: (b, [x]) => b.sigmoid(x!) },
  { name: 'exp', shapes: [[7]], build: (b, [x]) => b.exp(x!) },
  { name: 'log', shapes: [[7]], range: [0.2, 4], build: (b, [x]) => b.log(x!) },
  { name: 'sqrt', shapes: [[7]], range: [0.2, 4], build: (b, [x]) => b.sqrt(x!) },
  { name: 'erf', shapes: [[3, 7]], build: (b, [x]) => b.erf(x!) },
  { name: 'step blocks gradients', shapes: [[9]], build: (b, [x]) => b.mul(b.step(x!), x!) },
  { name: 'reshape', shapes: [[2, 6]], build: (b, [x]) => b.reshape(x!, [3, 4]) },
  { name: 'transpose', shapes: [[2, 3, 4]], build: (b, [x]) => b.transpose(x!, [2, 0, 1]) },
  {
    name: 'concat',
    shapes: [
      [2, 1, 3],
      [2, 4, 3],
    ],
    build: (b, [x, y]) => b.concat([x!, y!, x!], 1),
  },
  { name: 'slice', shapes: [[2, 5, 3]], build: (b, [x]) => b.slice(x!, 1, 1, 4) },
  {
    name: 'pad',
    shapes: [[2, 3]],
    build: (b, [x]) =>
      b.pad(x!, [
        [1, 0],
        [2, 3],
      ]),
  },
  { name: 'expand', shapes: [[2, 1]], build: (b, [x]) => b.emit(expand, [x!], { shape: [3, 2, 4] }) },
  {
    name: 'gather, each once',
    shapes: [[5]],
    build: (b, [x]) => b.gather(x!, Int32Array.of(3, -1, 0, 4), [2, 2]),
  },
  {
    name: 'gather, some twice',
    shapes: [[4]],
    build: (b, [x]) => b.gather(x!, Int32Array.of(3, -1, 0, 3), [4]),
  },
  { name: 'sum of all', shapes: [[2, 3]], build: (b, [x]) => b.sum(x!, [0, 1]) },
  { name: 'sum, axes kept', shapes: [[2, 3, 4]], build: (b, [x]) => b.sum(x!, [0, 2], true) },
  { name: 'max', shapes: [[3, 4, 2]], build: (b, [x]) => b.max(x!, [1]) },
  { name: 'max, axes kept', shapes: [[3, 4]], build: (b, [x]) => b.max(x!, [0, 1], true) },
  ...[false, true].flatMap((a) =>
    [false, true].map((t) => ({
      name: `matmul, transposed ${a} ${t}`,
      shapes: [a ? [3, 2] : [2, 3], t ? [4, 3] : [3, 4]],
      build: ((b, [x, y]) => b.matmul(x!, y!, { a, b: t })) as Build,
    })),
  ),
  { name: 'softmax', shapes: [[3, 5]], build: (b, [x]) => b.softmax(x!, 1) },
  { name: 'softmax over channels', shapes: [[2, 3, 2, 2]], build: (b, [x]) => b.softmax(x!, 1) },
  { name: 'logSoftmax', shapes: [[3, 5]], build: (b, [x]) => b.logSoftmax(x!, 1) },
  {
    name: 'conv',
    shapes: [[2, 4, 6, 7], [6, 2, 2, 3], [6]],
    build: (b, [x, w, bias]) => b.conv(x!, w!, bias!, flat, 2),
  },
  {
    name: 'convTranspose',
    shapes: [[2, 6, 4, 7], [6, 2, 2, 3], [4]],
    build: (b, [x, w, bias]) => b.convTranspose(x!, w!, bias!, flat, 2, [7, 9]),
  },
  {
    name: 'convTranspose, stride 1',
    shapes: [
      [2, 3, 4, 5],
      [3, 2, 3, 3],
    ],
    build: (b, [x, w]) => b.convTranspose(x!, w!, null, { ...wide, stride: [1, 1] }, 1, [4, 5]),
  },
  { name: 'maxPool, tiles', shapes: [[2, 3, 5, 4]], build: (b, [x]) => b.maxPool(x!, square) },
  { name: 'maxPool, overlapping', shapes: [[2, 3, 6, 5]], build: (b, [x]) => b.maxPool(x!, wide) },
  { name: 'avgPool, tiles', shapes: [[2, 3, 4, 6]], build: (b, [x]) => b.avgPool(x!, square, false) },
  { name: 'avgPool, leaving a rest', shapes: [[2, 3, 5, 7]], build: (b, [x]) => b.avgPool(x!, square, true) },
  {
    name: 'avgPool, padding left out',
    shapes: [[2, 3, 6, 5]],
    build: (b, [x]) => b.avgPool(x!, wide, false),
  },
  { name: 'avgPool, padding counted', shapes: [[2, 3, 6, 5]], build: (b, [x]) => b.avgPool(x!, wide, true) },
  ...[
    [4, 3, 2, 2],
    [4, 3],
    [4, 2, 2, 3, 2],
  ].map((shape) => ({
    name: `batchNorm over ${shape.length} axes`,
    shapes: [shape, [shape[1]!], [shape[1]!]],
    build: ((b, [x, scale, shift]) => b.batchNorm(x!, scale!, shift!, 0.01).output) as Build,
  })),
  { name: 'uniform blocks gradients', shapes: [[3, 5]], build: (b, [x]) => b.mul(x!, b.uniform([3, 5], 2)) },
]

const keys = { 'random.2.0': distinct(8, 5, 0, 1).map((key) => Math.floor(key * 4096) / 4096) }

/** The program of a case with its gradients, and values for its inputs. */
export function prepare({ shapes, build, range }: Case): { program: Program; feeds: Feeds } {
  const program = gradientProgram(build, shapes, 7)
  const feeds = {
    ...Object.fromEntries(
      shapes.map((shape, i) => [`x${i}`, distinct(sizeOf(shape), i + 1, ...(range ?? []))] as const),
    ),
    ...(program.random.length > 0 ? keys : {}),
    // one sample only fills up the batch
    ...(program.inputs.has('shares') ? { shares: Float32Array.of(0.25, 0.25, 0.5, 0) } : {}),
  }
  return { program, feeds }
}
