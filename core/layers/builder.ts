/**
 * What a layer's `forward` may say. The engine's `Program` implements it (core/engine/program.ts); a layer sees
 * tensors with static shapes, batch first ([N, C, H, W] or [N, F]), and one method a primitive.
 * Every method throws a RangeError naming the primitive, the rule and the shapes when shapes do not fit.
 */
export interface Tensor {
  readonly id: number
  readonly shape: readonly number[]
}

/** Window of a convolution or pooling, one entry a spatial axis (1, 2 or 3 of them). */
export interface Window {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  /** Zeros (or, for max pooling, minus infinity) added before and after each axis. */
  readonly padBefore: readonly number[]
  readonly padAfter: readonly number[]
  readonly dilation: readonly number[]
}

/** What `batchNorm` gives. */
export interface BatchNorm {
  readonly output: Tensor
  /** [C] */
  readonly mean: Tensor
  /** [C], estimated for the population: n / (n - 1) times the variance of the batch's n values a channel. */
  readonly variance: Tensor
}

export interface Builder {
  /** A tensor that never changes and is not trained (codes, tables). */
  constant(values: Float32Array | readonly number[], shape: readonly number[]): Tensor

  // element by element; the two-operand ones broadcast as NumPy does
  add(a: Tensor, b: Tensor): Tensor
  sub(a: Tensor, b: Tensor): Tensor
  mul(a: Tensor, b: Tensor): Tensor
  div(a: Tensor, b: Tensor): Tensor
  /** a * factor + offset with two numbers. */
  affine(a: Tensor, factor: number, offset?: number): Tensor
  relu(a: Tensor): Tensor
  tanh(a: Tensor): Tensor
  sigmoid(a: Tensor): Tensor
  exp(a: Tensor): Tensor
  log(a: Tensor): Tensor
  sqrt(a: Tensor): Tensor
  /** The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0. */
  erf(a: Tensor): Tensor
  /** 1 where a > 0, else 0. No gradient flows through it. */
  step(a: Tensor): Tensor

  // shape
  reshape(a: Tensor, shape: readonly number[]): Tensor
  transpose(a: Tensor, order: readonly number[]): Tensor
  concat(parts: readonly Tensor[], axis: number): Tensor
  slice(a: Tensor, axis: number, begin: number, end: number): Tensor
  /** Zeros around, one [before, after] an axis, batch and channel axes included. */
  pad(a: Tensor, amounts: readonly (readonly [number, number])[]): Tensor
  /** Rows of a 1D tensor picked by constant indices; -1 gives 0. Result has `shape`. */
  gather(a: Tensor, indices: Int32Array, shape: readonly number[]): Tensor

  // reductions
  sum(a: Tensor, axes: readonly number[], keep?: boolean): Tensor
  max(a: Tensor, axes: readonly number[], keep?: boolean): Tensor

  // linear algebra and windows
  /** [M, K] x [K, N], with optional transposition of either stored operand. */
  matmul(a: Tensor, b: Tensor, transpose?: { a?: boolean; b?: boolean }): Tensor
  /** x [N, C, ...], w [K, C / groups, ...kernel], bias [K] or none. Cross-correlation, as in every framework. */
  conv(x: Tensor, w: Tensor, bias: Tensor | null, window: Window, groups: number): Tensor
  /**
   * Turns the convolution around that goes with `window` from `spatial` sizes to those of x: x [N, C, ...],
   * w [C, K / groups, ...kernel], bias [K] or none; gives [N, K, ...spatial].
   */
  convTranspose(
    x: Tensor,
    w: Tensor,
    bias: Tensor | null,
    window: Window,
    groups: number,
    spatial: readonly number[],
  ): Tensor
  maxPool(x: Tensor, window: Window): Tensor
  /** Mean over the window; padded places count only when `countPadding`. */
  avgPool(x: Tensor, window: Window, countPadding: boolean): Tensor
  /** Over the given axis, computed with the maximum subtracted. */
  softmax(x: Tensor, axis: number): Tensor
  logSoftmax(x: Tensor, axis: number): Tensor
  /**
   * Uniform numbers in [0, 1) of `shape`: a function of the run-time seed and step and of `stream` alone, the same
   * on every executor.
   */
  uniform(shape: readonly number[], stream: number): Tensor
  /**
   * scale * (x - mean) / sqrt(variance + epsilon) + shift, channel by channel, with the statistics of the batch: for
   * training alone. Rows that only fill up the batch do not count in these. Gradients flow through `output` alone.
   * @param x [N, C, ...]
   * @param scale [C]
   * @param shift [C]
   */
  batchNorm(x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): BatchNorm
  /**
   * In training, lets a weight that is not trainable be a running average: after the step it is (1 - share) times itself
   * plus share times `value`. In evaluation it must not be called.
   * @param weight one of the layer's weights, as it was handed in
   * @param value of the same shape
   * @param share from 0 to 1, which sets the weight to the value
   */
  average(weight: Tensor, value: Tensor, share: number): void
}
