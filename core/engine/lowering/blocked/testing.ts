import { encodeModel } from '../../../formats/onnx/proto.ts'
import type { Tensor } from '../../../layers/builder.ts'
import { appendGradients } from '../../autodiff.ts'
import type { ParameterLayout } from '../../executor.ts'
import type { Ort } from '../../executors/ort.ts'
import { interpret } from '../../executors/reference.ts'
import { sizeOf } from '../../ops/primitive.ts'
import { Program } from '../../program.ts'
import { distinct, relativeError } from '../../testing.ts'
import { lowerBlocked } from './index.ts'

/** What the tests of the blocked profile have in common; no part of the product imports it. */

type Build = (b: Program, x: Tensor, weights: readonly Tensor[]) => Tensor

export interface Case {
  /** Shape of the network's input. */
  readonly input: readonly number[]
  readonly weights: readonly (readonly number[])[]
  readonly build: Build
}

/** Weights of a made-up network, one after another. */
function layoutOf(shapes: readonly (readonly number[])[]): ParameterLayout {
  let offset = 0
  const slots = shapes.map((shape, i) => {
    const slot = {
      name: `w${i}`,
      layer: 'l',
      shape,
      offset,
      size: sizeOf(shape),
      trainable: true,
      decay: true,
    }
    offset += slot.size
    return slot
  })
  return { slots, size: offset, trainable: offset }
}

/** A step that gives `y` and, in place of the next weights, their gradients of a weighted sum of `y`. */
function stepProgram({ input, weights, build }: Case, layout: ParameterLayout): Program {
  const program = new Program()
  const x = program.input('images', input)
  const flat = program.input('weights', [layout.trainable])
  const parts = layout.slots.map(({ offset, size }, i) =>
    program.reshape(program.slice(flat, 0, offset, offset + size), weights[i]!),
  )
  const y = build(program, x, parts)
  const factors = program.constant(distinct(sizeOf(y.shape), 7, -1, 1), y.shape)
  const loss = program.sum(
    program.mul(y, factors),
    y.shape.map((_, axis) => axis),
  )
  const gradients = appendGradients(program, loss, parts).map((gradient, i) =>
    program.reshape(gradient, [layout.slots[i]!.size]),
  )
  program.output('y', y)
  program.output('next.weights', program.concat(gradients, 0))
  return program
}

export interface BlockedRun {
  /** Largest error of the result relative to its largest value, against the 64-bit reference. */
  readonly result: number
  /** The same of each weight's gradient. */
  readonly gradients: readonly number[]
  /** Whether what fills up channels stayed 0. */
  readonly clean: boolean
  /** Operators of the graph, with the blocked ones as `nc:`. */
  readonly operators: readonly string[]
}

/** Runs a step through the blocked lowering and compares it with the 64-bit reference. */
export async function runBlocked(ort: Ort, block: number, which: Case, seed = 1): Promise<BlockedRun> {
  const layout = layoutOf(which.weights)
  const program = stepProgram(which, layout)
  const images = distinct(sizeOf(which.input), seed, -1, 1)
  const weights = distinct(layout.size, seed + 1, -0.5, 0.5)
  const samples = which.input[0]!
  // the last row only fills the batch up, where there is more than one
  const counted = Math.max(1, samples - 1)
  const shares = Float32Array.from({ length: samples }, (_, row) => (row < counted ? 1 / counted : 0))
  const means = program.inputs.has('shares') ? { shares } : {}
  const expected = interpret(program, { images, weights, ...means })
  const { model, storage } = lowerBlocked(program, layout, block)!
  const session = await ort.InferenceSession.create(encodeModel(model), {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  })
  try {
    const got = await session.run({
      images: new ort.Tensor('float32', images, which.input),
      weights: new ort.Tensor('float32', storage.pack(weights), [storage.size]),
      ...(means.shares ? { shares: new ort.Tensor('float32', shares, [samples]) } : {}),
    })
    const packed = got['next.weights']!.data as Float32Array
    const gradients = storage.unpack(packed)
    const wanted = expected['next.weights']!.data
    return {
      result: relativeError(got.y!.data as Float32Array, expected.y!.data),
      gradients: layout.slots.map(({ offset, size }) =>
        relativeError(gradients.subarray(offset, offset + size), wanted.subarray(offset, offset + size)),
      ),
      clean: storage.isClean(packed),
      operators: model.graph.node.map(({ domain, opType }) => (domain ? `nc:${opType}` : opType)),
    }
  } finally {
    await session.release()
  }
}
