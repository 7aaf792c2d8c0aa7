import { expect, test } from 'vitest'
import { appendGradients } from '../../core/engine/autodiff.ts'
import { crossEntropy } from '../../core/engine/losses/cross-entropy.ts'
import { distancePenalty, REJECTION } from '../../core/engine/losses/distances.ts'
import { Program } from '../../core/engine/program.ts'
import { apart } from './compare.ts'
import { runOnnx, runReference, type Trial } from './layer-program.ts'
import { readGolden } from './read.ts'

interface LossCase {
  readonly name: string
  readonly loss: 'cross-entropy' | 'digit-map'
}

const golden = readGolden('losses.safetensors')
const cases = JSON.parse(golden.metadata.cases!) as LossCase[]

/** The loss of a case with the mean taken over its first `count` rows, and its gradient by the layer's outputs. */
function lossTrial({ name, loss }: LossCase): Trial {
  const { shape, data } = golden.array(`${name}/outputs`)
  const [rows, classes] = shape as [number, number]
  const targets = new Float32Array(rows * classes)
  for (const [row, label] of golden.array(`${name}/labels`).data.entries()) targets[row * classes + label] = 1
  const program = new Program()
  const outputs = program.input('outputs', shape)
  const weighted = program.affine(program.input('targets', shape), 1 / rows)
  const distances = loss === 'digit-map'
  const logits = distances ? program.affine(outputs, -1) : outputs
  const mean = (distances ? distancePenalty : crossEntropy)(program, logits, weighted)
  program.output('loss', mean)
  program.output('gradient', appendGradients(program, mean, [outputs])[0]!)
  const expected = ['loss', 'gradient'].map(
    (of) => [of, golden.array(`${name}/${of}`).data as Float64Array] as const,
  )
  return {
    program,
    feeds: { outputs: data as Float32Array, targets },
    expected: Object.fromEntries(expected),
  }
}

test('the golden values were made with the rejection distance that the engine has', () => {
  expect(Number(golden.metadata.rejection)).toBe(REJECTION)
})

test.each(cases)('$name: value and gradient are those of PyTorch', async (row) => {
  const trial = lossTrial(row)
  const [reference, onnx] = [runReference(trial), await runOnnx(trial)]
  for (const [name, values] of Object.entries(trial.expected)) {
    expect(apart(reference[name]!.data, values), `${name} in float64`).toBeLessThan(1e-10)
    expect(apart(onnx[name]!.data, values), `${name} in float32`).toBeLessThan(1e-5)
  }
})
