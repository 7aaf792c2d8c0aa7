import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { kinds, resolveParams } from '../../core/layers/index.ts'
import { apart } from './compare.ts'
import {
  type LayerCase,
  layerTrial,
  type Results,
  runOnnx,
  runReference,
  type Trial,
} from './layer-program.ts'
import { DATA, readGolden } from './read.ts'

/** In parts of each array's largest value. */
const FLOAT64 = 1e-10
const FLOAT32 = 1e-5

const golden = readdirSync(new URL('layers/', DATA)).map((file) => {
  const content = readGolden(`layers/${file}`)
  return {
    kind: file.replace('.safetensors', ''),
    content,
    cases: JSON.parse(content.metadata.cases!) as LayerCase[],
  }
})

/** Name and distance of every output that is farther from PyTorch's than `tolerance`, and shapes that differ. */
function disagreements({ program, expected }: Trial, results: Results, tolerance: number): string[] {
  return Object.entries(expected).flatMap(([name, values]) => {
    const result = results[name]
    if (!result) return [`${name}: missing`]
    const { shape, data } = result
    if (shape.join() !== program.outputs.get(name)!.shape.join()) return [`${name}: shape [${shape}]`]
    const distance = apart(data, values)
    return distance <= tolerance ? [] : [`${name}: ${distance.toExponential(1)} off`]
  })
}

test('every layer kind but the input has golden values from PyTorch', () => {
  const without = kinds.filter(({ kind }) => kind !== 'input' && !golden.some((file) => file.kind === kind))
  expect(without.map(({ kind }) => kind)).toEqual([])
})

describe.each(golden)('$kind', ({ kind, content, cases }) => {
  test.each(cases)('$name: value and gradients are those of PyTorch', async (row) => {
    const trial = layerTrial(content, row)
    const output = content.array(`${row.name}/output`).shape
    const layer = kinds.find((known) => known.kind === kind)!
    const samples = Array.from({ length: row.inputs }, (_, i) =>
      content.array(`${row.name}/input${i}`).shape.slice(1),
    )
    expect(layer.inferShape(resolveParams(layer, row.params).params, samples)).toEqual(output.slice(1))
    expect(trial.program.outputs.get('output')!.shape).toEqual(output)
    expect(disagreements(trial, runReference(trial), FLOAT64)).toEqual([])
    expect(disagreements(trial, await runOnnx(trial), FLOAT32)).toEqual([])
  })
})
