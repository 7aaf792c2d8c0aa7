import { add } from '../../ops/add.ts'
import { affine } from '../../ops/affine.ts'
import { batchNorm, perChannel } from '../../ops/batch-norm.ts'
import { channelMean, placesOf } from '../../ops/channel-mean.ts'
import { channelVariance } from '../../ops/channel-variance.ts'
import { concat } from '../../ops/concat.ts'
import { div } from '../../ops/div.ts'
import { equal } from '../../ops/equal.ts'
import { erf } from '../../ops/erf.ts'
import { exp } from '../../ops/exp.ts'
import { expand } from '../../ops/expand.ts'
import { gather } from '../../ops/gather.ts'
import { log } from '../../ops/log.ts'
import { logSoftmax } from '../../ops/log-softmax.ts'
import { matmul } from '../../ops/matmul.ts'
import { max } from '../../ops/max.ts'
import { mul } from '../../ops/mul.ts'
import { pad } from '../../ops/pad.ts'
import { sizeOf } from '../../ops/primitive.ts'
import { relu } from '../../ops/relu.ts'
import { reshape } from '../../ops/reshape.ts'
import { scatter } from '../../ops/scatter.ts'
import { sigmoid } from '../../ops/sigmoid.ts'
import { slice } from '../../ops/slice.ts'
import { softmax } from '../../ops/softmax.ts'
import { sqrt } from '../../ops/sqrt.ts'
import { step } from '../../ops/step.ts'
import { sub } from '../../ops/sub.ts'
import { sum } from '../../ops/sum.ts'
import { tanh } from '../../ops/tanh.ts'
import { transpose } from '../../ops/transpose.ts'
import { uniform } from '../../ops/uniform.ts'
import { DIGIT, ROUNDS } from '../../random.ts'
import { convolutions } from './convolution.ts'
import { type Kernel, kernel } from './kernel.ts'
import { pooling } from './pooling.ts'
import type { Tf, TfTensor } from './tf.ts'

const floats = (tf: Tf, truth: TfTensor): TfTensor => tf.cast(truth, 'float32')

const elementwise = [
  kernel(add, (tf, [a, b]) => tf.add(a!, b!)),
  kernel(sub, (tf, [a, b]) => tf.sub(a!, b!)),
  kernel(mul, (tf, [a, b]) => tf.mul(a!, b!)),
  kernel(div, (tf, [a, b]) => tf.div(a!, b!)),
  kernel(equal, (tf, [a, b]) => floats(tf, tf.equal(a!, b!))),
  kernel(affine, (tf, [a], { factor, offset }) => tf.add(tf.mul(a!, factor), offset)),
  kernel(relu, (tf, [a]) => tf.relu(a!)),
  kernel(tanh, (tf, [a]) => tf.tanh(a!)),
  kernel(sigmoid, (tf, [a]) => tf.sigmoid(a!)),
  kernel(exp, (tf, [a]) => tf.exp(a!)),
  kernel(log, (tf, [a]) => tf.log(a!)),
  kernel(sqrt, (tf, [a]) => tf.sqrt(a!)),
  kernel(erf, (tf, [a]) => tf.erf(a!)),
  kernel(step, (tf, [a]) => floats(tf, tf.greater(a!, 0))),
]

const shaping = [
  kernel(reshape, (tf, [a], _, shape) => tf.reshape(a!, [...shape])),
  kernel(transpose, (tf, [a], { order }) => tf.transpose(a!, [...order])),
  kernel(concat, (tf, parts, { axis }) => tf.concat([...parts], axis)),
  kernel(slice, (tf, [a], { axis, begin }, shape) =>
    tf.slice(
      a!,
      shape.map((_, i) => (i === axis ? begin : 0)),
      [...shape],
    ),
  ),
  kernel(pad, (tf, [a], { amounts }) =>
    tf.pad(
      a!,
      amounts.map(([before, after]): [number, number] => [before, after]),
    ),
  ),
  kernel(expand, (tf, [a], _, shape) => tf.broadcastTo(a!, [...shape])),
  kernel(gather, (tf, [a], { indices }, shape) => {
    const size = a!.shape[0]!
    // one place more than there is holds the 0 of what is picked nowhere
    const source = tf.concat([a!, tf.zeros([1])])
    const places = Int32Array.from(indices, (i) => (i < 0 ? size : i))
    return tf.reshape(tf.gather(source, tf.tensor1d(places, 'int32')), [...shape])
  }),
  kernel(scatter, (tf, [a], { indices, size }) => {
    const places = Int32Array.from(indices, (i) => (i < 0 ? size : i))
    const sums = tf.scatterND(tf.tensor2d(places, [places.length, 1], 'int32'), a!, [size + 1])
    return tf.slice(sums, [0], [size])
  }),
]

function logOfShares(tf: Tf, x: TfTensor, axis: number): TfTensor {
  const shifted = tf.sub(x, tf.max(x, axis, true))
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), axis, true)))
}

const reductions = [
  kernel(sum, (tf, [a], { axes, keep }) => (axes.length === 0 ? a! : tf.sum(a!, [...axes], keep))),
  kernel(max, (tf, [a], { axes, keep }) => (axes.length === 0 ? a! : tf.max(a!, [...axes], keep))),
  kernel(matmul, (tf, [a, b], transposed) => tf.matMul(a!, b!, transposed.a, transposed.b)),
  kernel(logSoftmax, (tf, [x], { axis }) => logOfShares(tf, x!, axis)),
  kernel(softmax, (tf, [x], { axis }) => tf.exp(logOfShares(tf, x!, axis))),
]

/** For each channel the sum over samples of share times the mean over places. */
function weightedMeans(tf: Tf, x: TfTensor, shares: TfTensor): TfTensor {
  const [samples, channels] = x.shape as [number, number]
  const places = placesOf(x.shape)
  const means = places.length === 0 ? x : tf.mean(x, places)
  return tf.reshape(tf.matMul(tf.reshape(shares, [1, samples]), means), [channels])
}

const normalization = [
  kernel(channelMean, (tf, [x, shares]) => weightedMeans(tf, x!, shares!)),
  kernel(channelVariance, (tf, [centred, shares]) => weightedMeans(tf, tf.square(centred!), shares!)),
  kernel(batchNorm, (tf, [, centred, variance, scale, shift], { epsilon }, shape) => {
    const wide = (values: TfTensor) => tf.reshape(values, perChannel(shape))
    const factor = tf.div(scale!, tf.sqrt(tf.add(variance!, epsilon)))
    return tf.add(tf.mul(centred!, wide(factor)), wide(shift!))
  }),
]

/** See core/engine/random.ts: the rounds of the Feistel network over rows and columns of digits. */
const randomness = kernel(uniform, (tf, [keys], _, shape) => {
  const size = sizeOf(shape)
  const [rows, columns] = [Math.ceil(size / DIGIT), Math.min(size, DIGIT)]
  const key = (i: number) => tf.slice(keys!, [i], [1])
  const fraction = (x: TfTensor) => tf.sub(x, tf.floor(x))
  const digits = (count: number, sides: [number, number]) =>
    tf.tensor2d(
      Float32Array.from({ length: count }, (_, i) => i / DIGIT),
      sides,
    )
  let left = fraction(tf.add(digits(rows, [rows, 1]), key(ROUNDS)))
  let right = fraction(tf.add(digits(columns, [1, columns]), key(ROUNDS + 1)))
  for (let round = 0; round < ROUNDS; round++) {
    const square = tf.mul(tf.square(tf.sub(right, key(round))), 2 ** 20)
    const next = fraction(tf.add(tf.mul(tf.floor(square), 1 / DIGIT), left))
    left = right
    right = next
  }
  const flat = tf.reshape(tf.add(right, tf.mul(left, 1 / DIGIT)), [rows * columns])
  return tf.reshape(tf.slice(flat, [0], [size]), [...shape])
})

/** How TensorFlow computes each primitive, by its name. */
export const kernels: ReadonlyMap<string, Kernel> = new Map([
  ...elementwise,
  ...shaping,
  ...reductions,
  ...normalization,
  ...convolutions,
  ...pooling,
  randomness,
])
