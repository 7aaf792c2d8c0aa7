import * as ort from 'onnxruntime-node'
import { appendGradients } from '../../core/engine/autodiff.ts'
import { interpret } from '../../core/engine/executors/reference.ts'
import { lower, standardProfile } from '../../core/engine/lowering/lower.ts'
import { Program } from '../../core/engine/program.ts'
import { encodeModel } from '../../core/formats/onnx/proto.ts'
import type { Tensor } from '../../core/layers/builder.ts'
import { kindOf, resolveParams } from '../../core/layers/index.ts'
import type { GoldenFile } from './read.ts'

/** One row of a layer's golden file. */
export interface LayerCase {
  readonly name: string
  readonly kind: string
  readonly params: Readonly<Record<string, unknown>>
  /** Number of inputs. */
  readonly inputs: number
  readonly weights: readonly string[]
  /** Absent for a layer in evaluation. */
  readonly training?: boolean
}

/** A program with its inputs' values and what its outputs should be, by name. */
export interface Trial<Values = Float32Array> {
  readonly program: Program
  readonly feeds: Readonly<Record<string, Values>>
  readonly expected: Readonly<Record<string, Float64Array>>
}

/**
 * The layer of a case, forward and backward from the given upstream gradient. Outputs of the program are `output`
 * and `<input or weight>.gradient` for everything the file has a gradient of, and `<weight>.assigned` for weights that
 * the layer gives another value.
 * @throws Error when the case's parameters are not the kind's
 */
export function layerTrial(
  golden: GoldenFile,
  { name, kind: kindName, params: raw, ...rest }: LayerCase,
): Trial {
  const kind = kindOf(kindName)
  if (!kind) throw new Error(`${name}: no layer kind "${kindName}"`)
  const { params, issues } = resolveParams(kind, raw)
  if (issues.length > 0) throw new Error(`${name}: ${issues[0]!.message.en}`)
  const program = new Program()
  const feeds: Record<string, Float32Array> = {}
  const feed = (label: string): Tensor => {
    const { shape, data } = golden.array(`${name}/${label}`)
    feeds[label] = data as Float32Array
    return program.input(label, shape)
  }
  const inputs = Array.from({ length: rest.inputs }, (_, i) => [`input${i}`, feed(`input${i}`)] as const)
  const weights = rest.weights.map((label) => [label, feed(label)] as const)
  const output = kind.forward(
    program,
    params,
    inputs.map(([, tensor]) => tensor),
    Object.fromEntries(weights),
    { training: rest.training ?? false, stream: 0 },
  )
  const samples = program.inputs.get('shares')?.shape[0]
  if (samples) feeds.shares = new Float32Array(samples).fill(1 / samples)
  const expected: Record<string, Float64Array> = {
    output: golden.array(`${name}/output`).data as Float64Array,
  }
  program.output('output', output)
  for (const [label, weight] of weights) {
    const average = program.averages.find((known) => known.weight === weight)
    if (average) {
      const { value, share } = average
      const next = program.add(program.affine(weight, 1 - share), program.affine(value, share))
      program.output(`${label}.assigned`, next)
    }
    if (golden.has(`${name}/${label}.assigned`))
      expected[`${label}.assigned`] = golden.array(`${name}/${label}.assigned`).data as Float64Array
  }
  return withGradients({ program, feeds, expected }, golden, name, output, feed('upstream'), [
    ...inputs,
    ...weights,
  ])
}

function withGradients(
  { program, feeds, expected }: Trial,
  golden: GoldenFile,
  name: string,
  output: Tensor,
  upstream: Tensor,
  named: readonly (readonly [string, Tensor])[],
): Trial {
  const all = output.shape.map((_, axis) => axis)
  const loss = program.sum(program.mul(output, upstream), all)
  const targets = named.filter(([label]) => golden.has(`${name}/${label}.gradient`))
  const gradients = appendGradients(
    program,
    loss,
    targets.map(([, tensor]) => tensor),
  )
  const values: Record<string, Float64Array> = { ...expected }
  for (const [i, [label]] of targets.entries()) {
    program.output(`${label}.gradient`, gradients[i]!)
    values[`${label}.gradient`] = golden.array(`${name}/${label}.gradient`).data as Float64Array
  }
  return { program, feeds, expected: values }
}

/** Outputs of a program by name: shape and values. */
export type Results = Readonly<Record<string, { shape: readonly number[]; data: ArrayLike<number> }>>

/** By the 64-bit interpreter. */
export const runReference = ({ program, feeds }: Trial<Float32Array | Float64Array>): Results =>
  interpret(program, feeds)

/** By ONNX Runtime's CPU provider, in float32. */
export async function runOnnx({ program, feeds }: Trial<Float32Array | Float64Array>): Promise<Results> {
  const session = await ort.InferenceSession.create(
    encodeModel(lower(program, { profile: standardProfile })),
    {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'disabled',
      intraOpNumThreads: 1,
      logSeverityLevel: 3,
    },
  )
  try {
    const tensors = Object.entries(feeds).map(([label, values]) => {
      const { shape } = program.inputs.get(label)!
      return [label, new ort.Tensor('float32', Float32Array.from(values), shape)] as const
    })
    const results = await session.run(Object.fromEntries(tensors))
    return Object.fromEntries(
      Object.entries(results).map(([label, { dims, data }]) => [
        label,
        { shape: dims, data: data as Float32Array },
      ]),
    )
  } finally {
    await session.release()
  }
}
