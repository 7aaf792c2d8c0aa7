import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { network } from '../../../../presets/builder.ts'
import { type OptionValues, presetOf } from '../../../../presets/index.ts'
import { createOnnxExecutor } from '../../../engine/executors/onnx.ts'
import { initialWeights, layoutOf } from '../../../engine/layout.ts'
import { exportOnnx } from '../../../engine/lowering/export.ts'
import type { NetworkDocument } from '../../../network/schema.ts'
import { type Imported, importNetwork } from '../index.ts'

const executor = createOnnxExecutor(ort, { threads: 1 })

async function logitsOf(document: NetworkDocument, weights: Float32Array, images: Float32Array) {
  const session = await executor.inference(document, 2)
  try {
    await session.setWeights(weights)
    return await session.run(images)
  } finally {
    await session.dispose()
  }
}

/** Weights as after some training: averages of batch norm that are not 0 and 1. */
function usedWeights(document: NetworkDocument): Float32Array {
  const weights = initialWeights(document, 3)
  for (const { name, offset, size } of layoutOf(document).slots) {
    const place = (i: number) => Math.sin(offset + 7 * i)
    if (name.endsWith('.running_mean')) for (let i = 0; i < size; i++) weights[offset + i] = 0.3 * place(i)
    if (name.endsWith('.running_var')) for (let i = 0; i < size; i++) weights[offset + i] = 1 + 0.5 * place(i)
    if (name.endsWith('-bn.weight')) for (let i = 0; i < size; i++) weights[offset + i] = 1 + 0.3 * place(i)
  }
  return weights
}

function flat({ document, weights }: Imported): Float32Array {
  const { slots, size } = layoutOf(document)
  const all = new Float32Array(size)
  expect(weights.map(({ name }) => name).sort()).toEqual(slots.map(({ name }) => name).sort())
  const named = new Map(weights.map((array) => [array.name, array]))
  for (const { name, offset, shape } of slots) {
    expect({ name, shape: named.get(name)!.shape }).toEqual({ name, shape })
    all.set(named.get(name)!.data, offset)
  }
  return all
}

const cases: [string, OptionValues][] = [
  ['lenet5', {}],
  ['lenet5-modern', {}],
  ['linear-cifar', {}],
  ['alexnet', { size: 67, classes: 7 }],
  ['vgg-c', { width: 2, size: 32, classes: 7 }],
  ['googlenet', { size: 64, auxiliary: false, classes: 7 }],
  ['googlenet', { size: 64, auxiliary: false, classes: 7, norm: 'batchnorm', branch: '3x3', pool4: '2x2' }],
  ['resnet-18', { width: 4, size: 32, classes: 7 }],
  ['resnet-50', { width: 2, blocks: [1, 2, 1, 1], size: 64, classes: 7, stride: '3x3' }],
  ['plain-20-cifar', { depth: 8 }],
  ['resnet-20-cifar', { depth: 14 }],
  ['preact-resnet-110', { depth: 8, unit: 'e' }],
  ['densenet-bc-100', { depth: 16 }],
  ['wrn-16-8', { depth: 10, width: 1 }],
  ['m5', {}],
]

describe('networks of our own exports', () => {
  it.each(cases)('%s %j comes back with its layers and outputs', async (id, options) => {
    const document = presetOf(id)!.build(options)
    const weights = usedWeights(document)
    const bytes = exportOnnx(document, weights)
    const imported = await importNetwork({ name: 'network.onnx', bytes })
    expect(imported.notes).toEqual([])
    const [input, ...hidden] = document.layers.filter(({ kind }) => kind !== 'dropout')
    expect(imported.document.name).toBe(document.name)
    expect(imported.document.layers[0]!.params).toMatchObject(input!.params)
    // what only counts in training is gone, and LeNet-5's own layers come as what they compute
    if (id !== 'lenet5') {
      const kinds = (layers: readonly { kind: string }[]) => layers.map(({ kind }) => kind).sort()
      expect(kinds(imported.document.layers.slice(1))).toEqual(kinds(hidden))
      const named = layoutOf(document).slots.map(({ name }) => name)
      expect(
        layoutOf(imported.document)
          .slots.map(({ name }) => name)
          .sort(),
      ).toEqual(named.sort())
    }
    const size = imported.document.layers[0]!.params.shape as number[]
    const images = Float32Array.from({ length: 2 * size.reduce((a, b) => a * b, 1) }, (_, i) =>
      Math.sin(i * i),
    )
    const expected = await logitsOf(document, weights, images)
    const actual = await logitsOf(imported.document, flat(imported), images)
    const largest = Math.max(...expected.map(Math.abs))
    expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5 * largest)
  })
})

it('layers that ONNX has no operator for come back as they were', async () => {
  const net = network('activations')
  net.add('input', 'input', { shape: [6, 5, 4] })
  net.add('lrn', 'lrn', { n: 4, k: 1.5, alpha: 0.3, beta: 0.6 })
  net.add('silu', 'silu')
  net.add('leaky-relu', 'leaky', { slope: 0.2 })
  net.add('elu', 'elu', { alpha: 0.7 })
  net.add('scaled-tanh', 'tanh')
  net.add('gelu', 'gelu')
  net.add('zero-pad-shortcut', 'shortcut', { channels: 8, stride: [2, 1] })
  net.add('slice', 'slice', { begin: 1, count: 6 })
  net.add('permute', 'permute', { order: [2, 3, 1] })
  net.add('flatten', 'flatten')
  const document = net.build()
  const weights = new Float32Array()
  const { document: back } = await importNetwork({ name: 'a.onnx', bytes: exportOnnx(document, weights) })
  const withParams = ({ layers }: NetworkDocument) =>
    layers.slice(1).map(({ kind, params }) => [kind, params])
  const given = withParams(document).map(([kind, params]) =>
    kind === 'scaled-tanh' ? [kind, { amplitude: 1.7159, slope: expect.closeTo(2 / 3, 6) }] : [kind, params],
  )
  expect(withParams(back)).toEqual(given)
})
