import type { BatchNorm, Builder, Tensor, Window } from '../layers/builder.ts'
import { add } from './ops/add.ts'
import { affine } from './ops/affine.ts'
import { avgPool } from './ops/avg-pool.ts'
import { batchNorm, perChannel } from './ops/batch-norm.ts'
import { channelMean } from './ops/channel-mean.ts'
import { channelVariance } from './ops/channel-variance.ts'
import { concat } from './ops/concat.ts'
import { conv } from './ops/conv.ts'
import { convInputGradient } from './ops/conv-input-gradient.ts'
import { div } from './ops/div.ts'
import { erf } from './ops/erf.ts'
import { exp } from './ops/exp.ts'
import { expand } from './ops/expand.ts'
import { gather } from './ops/gather.ts'
import { log } from './ops/log.ts'
import { logSoftmax } from './ops/log-softmax.ts'
import { matmul } from './ops/matmul.ts'
import { max } from './ops/max.ts'
import { maxPool } from './ops/max-pool.ts'
import { mul } from './ops/mul.ts'
import { pad } from './ops/pad.ts'
import { type Dims, type Operation, type Primitive, refuse, show, sizeOf } from './ops/primitive.ts'
import { relu } from './ops/relu.ts'
import { reshape } from './ops/reshape.ts'
import { sigmoid } from './ops/sigmoid.ts'
import { slice } from './ops/slice.ts'
import { softmax } from './ops/softmax.ts'
import { sqrt } from './ops/sqrt.ts'
import { step } from './ops/step.ts'
import { sub } from './ops/sub.ts'
import { sum } from './ops/sum.ts'
import { tanh } from './ops/tanh.ts'
import { transpose } from './ops/transpose.ts'
import { uniform } from './ops/uniform.ts'
import { DIGIT, KEYS } from './random.ts'

export interface Constant {
  readonly tensor: Tensor
  readonly values: Float32Array
}

/** A run-time input that holds the keys of one random stream (or of one part of a very large one). */
export interface RandomInput {
  readonly name: string
  readonly stream: number
  readonly part: number
}

/** A weight that after a training step is (1 - share) times itself plus share times a value. */
export interface RunningAverage {
  readonly weight: Tensor
  readonly value: Tensor
  readonly share: number
}

/** Run-time input of every program that takes means over its batch. */
const SHARES = 'shares'

const sameShape = (a: Dims, b: Dims): boolean => a.length === b.length && a.every((n, axis) => n === b[axis])

/**
 * A tensor program: primitive operations in execution order over float32 tensors of static shape. Layers, the
 * autodiff, losses and optimizers append to it; executors run it.
 */
export class Program implements Builder {
  readonly operations: Operation[] = []
  readonly constants: Constant[] = []
  /** Given anew at every run, by name. */
  readonly inputs = new Map<string, Tensor>()
  readonly outputs = new Map<string, Tensor>()
  readonly random: RandomInput[] = []
  readonly averages: RunningAverage[] = []
  readonly #corrections = new Map<number, Tensor>()
  readonly #shared = new Map<string, Tensor>()
  #nextId = 0

  /** Appends an operation. Throws a RangeError when the operands' shapes break the primitive's rule. */
  emit<A>(primitive: Primitive<A>, inputs: readonly Tensor[], attributes: A): Tensor {
    const shape = primitive.shape(
      inputs.map((input) => input.shape),
      attributes,
    )
    const output = this.#tensor(shape)
    this.operations.push({ primitive, inputs, attributes, output } as Operation)
    return output
  }

  /** A run-time input; names are unique. */
  input(name: string, shape: Dims): Tensor {
    if (this.inputs.has(name)) refuse('input', 'a new name', name)
    const tensor = this.#tensor(shape)
    this.inputs.set(name, tensor)
    return tensor
  }

  /** Appends what gives the same result only once: every batch norm reshapes and scales the same shares. */
  #once(key: string, make: () => Tensor): Tensor {
    const known = this.#shared.get(key)
    if (known) return known
    const made = make()
    this.#shared.set(key, made)
    return made
  }

  /** Makes a tensor readable after a run, under a unique name. */
  output(name: string, tensor: Tensor): void {
    if (this.outputs.has(name)) refuse('output', 'a new name', name)
    this.outputs.set(name, tensor)
  }

  #tensor(shape: Dims): Tensor {
    return { id: this.#nextId++, shape }
  }

  constant(values: Float32Array | readonly number[], shape: Dims): Tensor {
    if (values.length !== sizeOf(shape)) {
      refuse('constant', `${sizeOf(shape)} values for ${show(shape)}`, `${values.length}`)
    }
    const tensor = this.#tensor(shape)
    this.constants.push({ tensor, values: Float32Array.from(values) })
    return tensor
  }

  add(a: Tensor, b: Tensor): Tensor {
    return this.emit(add, [a, b], {})
  }
  sub(a: Tensor, b: Tensor): Tensor {
    return this.emit(sub, [a, b], {})
  }
  mul(a: Tensor, b: Tensor): Tensor {
    return this.emit(mul, [a, b], {})
  }
  div(a: Tensor, b: Tensor): Tensor {
    return this.emit(div, [a, b], {})
  }
  affine(a: Tensor, factor: number, offset = 0): Tensor {
    if (factor === 1 && offset === 0) return a
    return this.#once(`affine ${a.id} ${factor} ${offset}`, () => this.emit(affine, [a], { factor, offset }))
  }
  relu(a: Tensor): Tensor {
    return this.emit(relu, [a], {})
  }
  tanh(a: Tensor): Tensor {
    return this.emit(tanh, [a], {})
  }
  sigmoid(a: Tensor): Tensor {
    return this.emit(sigmoid, [a], {})
  }
  exp(a: Tensor): Tensor {
    return this.emit(exp, [a], {})
  }
  log(a: Tensor): Tensor {
    return this.emit(log, [a], {})
  }
  sqrt(a: Tensor): Tensor {
    return this.emit(sqrt, [a], {})
  }
  erf(a: Tensor): Tensor {
    return this.emit(erf, [a], {})
  }
  step(a: Tensor): Tensor {
    return this.emit(step, [a], {})
  }

  reshape(a: Tensor, shape: Dims): Tensor {
    if (sameShape(a.shape, shape)) return a
    // not short-circuited where it leads back: the gradient is asked for at tensors that may lie between
    return this.#once(`reshape ${a.id} ${shape.join()}`, () => this.emit(reshape, [a], { shape }))
  }
  transpose(a: Tensor, order: Dims): Tensor {
    return this.emit(transpose, [a], { order })
  }
  concat(parts: readonly Tensor[], axis: number): Tensor {
    return parts.length === 1 ? parts[0]! : this.emit(concat, parts, { axis })
  }
  slice(a: Tensor, axis: number, begin: number, end: number): Tensor {
    return begin === 0 && end === a.shape[axis] ? a : this.emit(slice, [a], { axis, begin, end })
  }
  pad(a: Tensor, amounts: readonly (readonly [number, number])[]): Tensor {
    return this.emit(pad, [a], { amounts })
  }
  /** A tensor repeated along its axes of size 1. Not for layers, whose operands broadcast by themselves. */
  expand(a: Tensor, shape: Dims): Tensor {
    if (sameShape(a.shape, shape)) return a
    return this.#once(`expand ${a.id} ${shape.join()}`, () => this.emit(expand, [a], { shape }))
  }
  gather(a: Tensor, indices: Int32Array, shape: Dims): Tensor {
    return this.emit(gather, [a], { indices, shape })
  }

  sum(a: Tensor, axes: Dims, keep = false): Tensor {
    return this.emit(sum, [a], { axes, keep })
  }
  max(a: Tensor, axes: Dims, keep = false): Tensor {
    return this.emit(max, [a], { axes, keep })
  }

  matmul(a: Tensor, b: Tensor, transposed: { a?: boolean; b?: boolean } = {}): Tensor {
    return this.emit(matmul, [a, b], { a: transposed.a ?? false, b: transposed.b ?? false })
  }
  conv(x: Tensor, w: Tensor, bias: Tensor | null, window: Window, groups: number): Tensor {
    return this.emit(conv, bias ? [x, w, bias] : [x, w], { window, groups })
  }
  convTranspose(
    x: Tensor,
    w: Tensor,
    bias: Tensor | null,
    window: Window,
    groups: number,
    spatial: Dims,
  ): Tensor {
    const y = this.emit(convInputGradient, [x, w], { window, groups, spatial })
    return bias ? this.add(y, this.reshape(bias, [1, y.shape[1]!, ...spatial.map(() => 1)])) : y
  }
  maxPool(x: Tensor, window: Window): Tensor {
    return this.emit(maxPool, [x], { window })
  }
  avgPool(x: Tensor, window: Window, countPadding: boolean): Tensor {
    return this.emit(avgPool, [x], { window, countPadding })
  }
  softmax(x: Tensor, axis: number): Tensor {
    return this.emit(softmax, [x], { axis })
  }
  logSoftmax(x: Tensor, axis: number): Tensor {
    return this.emit(logSoftmax, [x], { axis })
  }

  uniform(shape: Dims, stream: number): Tensor {
    const size = sizeOf(shape)
    const parts: Tensor[] = []
    for (let begin = 0, part = 0; begin < size; begin += DIGIT * DIGIT, part++) {
      const keys = this.#keys(stream, part)
      parts.push(this.emit(uniform, [keys], { shape: [Math.min(size - begin, DIGIT * DIGIT)] }))
    }
    return this.reshape(this.concat(parts, 0), shape)
  }

  batchNorm(x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): BatchNorm {
    const shares = this.#shares(x.shape[0]!)
    const mean = this.emit(channelMean, [x, shares], {})
    const centred = this.sub(x, this.reshape(mean, perChannel(x.shape)))
    const variance = this.emit(channelVariance, [centred, shares], {})
    const output = this.emit(batchNorm, [x, centred, variance, scale, shift, shares], { epsilon })
    return { output, mean, variance: this.mul(variance, this.#unbiased(shares, sizeOf(x.shape.slice(2)))) }
  }

  /** What each sample counts for in means over the batch: values that sum to 1; rows that only fill it up have 0. */
  #shares(samples: number): Tensor {
    const known = this.inputs.get(SHARES)
    if (!known) return this.input(SHARES, [samples])
    if (known.shape[0] !== samples) refuse('batchNorm', `${known.shape[0]} samples`, `${samples}`)
    return known
  }

  /** n / (n - 1) for the n values that samples of `area` places have; 1 where n is 1. */
  #unbiased(shares: Tensor, area: number): Tensor {
    const known = this.#corrections.get(area)
    if (known) return known
    // the squares of k shares of 1 / k sum to 1 / k
    const rest = this.affine(this.sum(this.mul(shares, shares), [0]), -1 / area, 1)
    const divisor = this.add(rest, this.affine(this.step(rest), -1, 1))
    const correction = this.div(this.constant([1], []), divisor)
    this.#corrections.set(area, correction)
    return correction
  }

  average(weight: Tensor, value: Tensor, share: number): void {
    if (!sameShape(weight.shape, value.shape)) refuse('average', show(weight.shape), show(value.shape))
    if (this.averages.some((known) => known.weight.id === weight.id)) {
      refuse('average', 'one value a weight', `a second one for ${show(weight.shape)}`)
    }
    this.averages.push({ weight, value, share })
  }

  #keys(stream: number, part: number): Tensor {
    const name = `random.${stream}.${part}`
    const known = this.inputs.get(name)
    if (known) return known
    this.random.push({ name, stream, part })
    return this.input(name, [KEYS])
  }
}
