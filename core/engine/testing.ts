import { encodeModel } from '../formats/onnx/proto.ts'
import type { Tensor } from '../layers/builder.ts'
import { appendGradients } from './autodiff.ts'
import { tensorsOf } from './executors/onnx-tensors.ts'
import type { Ort } from './executors/ort.ts'
import { interpret } from './executors/reference.ts'
import type { Feeds } from './feeds.ts'
import { lower, standardProfile } from './lowering/lower.ts'
import { type Dims, sizeOf, type Value } from './ops/primitive.ts'
import { Program } from './program.ts'
import { generator } from './random.ts'

/** What the engine's tests have in common; no part of the product imports it. */

/** Appends the operations under test; gives one tensor. */
export type Build = (b: Program, inputs: readonly Tensor[]) => Tensor

/**
 * Different float32 numbers between `low` and `high` in random order, at least a thousandth of the range apart when
 * there are few, so that small changes pass no kink.
 */
export function distinct(size: number, seed: number, low = -2, high = 2): Float32Array {
  const next = generator([seed, size])
  const places = Array.from({ length: size }, (_, i) => i)
  for (let i = size - 1; i > 0; i--) {
    const j = next() % (i + 1)
    const held = places[i]!
    places[i] = places[j]!
    places[j] = held
  }
  // off the middle of each place, so that 0 is never hit
  return Float32Array.from(places, (place) => low + ((place + 0.37) / size) * (high - low))
}

/** Program of `build` over inputs `x0`, `x1`..., with output `y`, weighted sum `loss` and gradients `g0`, `g1`... */
export function gradientProgram(build: Build, shapes: readonly Dims[], seed: number): Program {
  const program = new Program()
  const inputs = shapes.map((shape, i) => program.input(`x${i}`, shape))
  const y = build(program, inputs)
  const weights = program.constant(distinct(sizeOf(y.shape), seed + 1000, 0.5, 1.5), y.shape)
  const axes = y.shape.map((_, axis) => axis)
  const loss = program.sum(program.mul(y, weights), axes)
  program.output('y', y)
  program.output('loss', loss)
  for (const [i, gradient] of appendGradients(program, loss, inputs).entries()) {
    program.output(`g${i}`, gradient)
  }
  return program
}

/**
 * Largest difference between a program's gradients and central differences of its loss along random directions, in
 * 64-bit floats, relative to the gradient's size along that direction. `directions` of each input are tried.
 */
export function gradientError(program: Program, feeds: Feeds, inputs: number, directions = 4): number {
  const exact = interpret(program, feeds)
  const loss = (name: string, values: Float64Array) =>
    interpret(program, { ...feeds, [name]: values }).loss!.data[0]!
  let worst = 0
  for (let i = 0; i < inputs; i++) {
    const x = Float64Array.from(feeds[`x${i}`]!)
    const gradient = exact[`g${i}`]!.data
    for (let d = 0; d < directions; d++) {
      const next = generator([i, d, x.length])
      const direction = x.map(() => next() / 2 ** 31 - 1)
      const h = 1e-6
      const ahead = loss(
        `x${i}`,
        x.map((value, k) => value + h * direction[k]!),
      )
      const behind = loss(
        `x${i}`,
        x.map((value, k) => value - h * direction[k]!),
      )
      const products = gradient.map((g, k) => g * direction[k]!)
      const scale = Math.max(
        1e-3,
        products.reduce((sum, p) => sum + Math.abs(p), 0),
      )
      const slope = products.reduce((sum, p) => sum + p, 0)
      const error = Math.abs((ahead - behind) / (2 * h) - slope) / scale
      if (!(error <= worst)) worst = error
    }
  }
  return worst
}

/** Outputs of a program as ONNX Runtime computes them through the standard lowering. */
export async function runOnnx(ort: Ort, program: Program, feeds: Feeds): Promise<Record<string, Value>> {
  const session = await ort.InferenceSession.create(
    encodeModel(lower(program, { profile: standardProfile })),
    {
      graphOptimizationLevel: 'disabled',
      intraOpNumThreads: 1,
      logSeverityLevel: 3,
    },
  )
  try {
    const outputs = await session.run(tensorsOf(ort, program, feeds))
    return Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [
        name,
        { shape: tensor.dims, data: Float64Array.from(tensor.data as Float32Array) },
      ]),
    )
  } finally {
    await session.release()
  }
}

/** Largest difference of two arrays relative to the second one's largest element. */
export function relativeError(got: ArrayLike<number>, want: ArrayLike<number>): number {
  if (got.length !== want.length) return Number.POSITIVE_INFINITY
  let [most, difference] = [1e-30, 0]
  for (let i = 0; i < want.length; i++) {
    most = Math.max(most, Math.abs(want[i]!))
    const error = Math.abs(got[i]! - want[i]!)
    if (!(error <= difference)) difference = error
  }
  return difference / most
}
