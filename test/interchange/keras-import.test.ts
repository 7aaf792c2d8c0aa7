import { readFileSync } from 'node:fs'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest'
import { readHdf5 } from '../../core/formats/hdf5.ts'
import { exportFormatOf } from '../../core/interchange/export/index.ts'
import { legacyExample, requestOf } from '../../core/interchange/export/testing.ts'
import { type Imported, importNetwork } from '../../core/interchange/import/index.ts'
import { presetOf } from '../../presets/index.ts'
import { layerCases } from '../../scripts/parity/networks.ts'
import { BATCH, executor, referenceOf } from '../../scripts/parity/reference.ts'
import { roundTrip, weightsOf } from '../../scripts/parity/roundtrip.ts'
import { apart, channelsLast } from '../../scripts/parity/tfjs.ts'

/** In parts of the largest output. */
const FLOAT32 = 1e-5

beforeAll(() => {
  // an advertisement of TensorFlow.js' faster sibling
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterAll(() => {
  vi.restoreAllMocks()
})

const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

/** A model's files as `model.save` of TensorFlow.js writes them, and what it puts out for a batch. */
async function written(model: layers.LayersModel, shape: readonly number[]) {
  let saved: tf.io.ModelArtifacts | undefined
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
  )
  const { modelTopology, weightSpecs, weightData } = saved!
  const json = text({
    format: 'layers-model',
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
  })
  const size = shape.reduce((product, n) => product * n, 1)
  const input = Float32Array.from({ length: BATCH * size }, (_, i) => Math.sin(i * i))
  const rows = [BATCH, ...shape.slice(1), shape[0]!]
  const output = model.predict(tf.tensor(channelsLast(input, shape), rows)) as tf.Tensor
  return { json, bytes: new Uint8Array(weightData as ArrayBuffer), input, output: await output.data() }
}

async function outputsOf(imported: Imported, input: Float32Array): Promise<Float32Array> {
  const session = await executor.inference(imported.document, BATCH)
  await session.setWeights(weightsOf(imported))
  const logits = await session.run(input)
  await session.dispose()
  return logits
}

const kindsOf = ({ document }: Imported) => document.layers.map(({ kind }) => kind)

describe('models that TensorFlow.js writes itself', () => {
  it('come in with the same outputs, activations as layers and rows in the order they are read in', async () => {
    const model = layers.sequential({
      layers: [
        layers.layers.conv2d({
          inputShape: [9, 8, 2],
          filters: 3,
          kernelSize: [3, 2],
          strides: 2,
          padding: 'same',
          activation: 'relu',
        }),
        layers.layers.batchNormalization({ momentum: 0.9 }),
        layers.layers.separableConv2d({ filters: 4, kernelSize: 3, activation: 'tanh' }),
        layers.layers.averagePooling2d({ poolSize: 2, padding: 'same' }),
        layers.layers.flatten(),
        layers.layers.dropout({ rate: 0.2 }),
        layers.layers.dense({ units: 5, activation: 'elu' }),
        layers.layers.dense({ units: 3 }),
      ],
    })
    const { json, bytes, input, output } = await written(model, [2, 9, 8])
    const imported = await importNetwork({ name: 'model.json', bytes: json }, () => bytes)
    expect(apart(await outputsOf(imported, input), output as Float32Array)).toBeLessThan(FLOAT32)
    expect(kindsOf(imported)).toEqual([
      'input',
      'conv2d',
      'relu',
      'batchnorm',
      'depthwise-conv2d',
      'conv2d',
      'tanh',
      'avgpool2d',
      'permute',
      'flatten',
      'dropout',
      'dense',
      'elu',
      'dense',
    ])
  })

  it('come in with their branches', async () => {
    const start = layers.input({ shape: [6, 6, 3] })
    const same = { kernelSize: 3, padding: 'same' as const }
    const one = layers.layers.conv2d({ filters: 4, ...same }).apply(start) as layers.SymbolicTensor
    const two = layers.layers
      .depthwiseConv2d({ depthMultiplier: 1, ...same })
      .apply(one) as layers.SymbolicTensor
    const sum = layers.layers.add().apply([one, two]) as layers.SymbolicTensor
    const both = layers.layers.concatenate().apply([sum, one]) as layers.SymbolicTensor
    const big = layers.layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: 'valid' })
    const pooled = layers.layers.globalAveragePooling2d({}).apply(big.apply(both)) as layers.SymbolicTensor
    const end = layers.layers.dense({ units: 4 }).apply(pooled) as layers.SymbolicTensor
    const { json, bytes, input, output } = await written(
      layers.model({ inputs: start, outputs: end }),
      [3, 6, 6],
    )
    const imported = await importNetwork({ name: 'model.json', bytes: json }, () => bytes)
    expect(apart(await outputsOf(imported, input), output as Float32Array)).toBeLessThan(FLOAT32)
    expect(kindsOf(imported)).toContain('transposed-conv2d')
  })
})

describe('our own exports come back', () => {
  const kinds = [
    'slice',
    'zero-pad-shortcut',
    'channel-shuffle',
    'scaled-tanh',
    'subsampling',
    'transposed-conv2d',
  ]
  const all = [...kinds, 'layernorm', 'permute', 'upsample', 'multiply']
  test.each(all.flatMap((kind) => [[kind, 'tfjs'] as const, [kind, 'keras'] as const]))(
    '%s through %s, as the same layer',
    async (kind, format) => {
      const { document } = layerCases().find((row) => row.of === kind)!
      const reference = await referenceOf(document)
      const files = await exportFormatOf(format).write(reference.request)
      const { error, other } = await roundTrip(files, reference)
      expect(error).toBeLessThan(FLOAT32)
      expect(other).toEqual([])
    },
  )

  test('a residual network, layer by layer', async () => {
    const reference = await referenceOf(presetOf('resnet-50')!.build({ size: 32, width: 4, classes: 5 }))
    const { error, other } = await roundTrip(
      await exportFormatOf('keras').write(reference.request),
      reference,
    )
    expect(error).toBeLessThan(FLOAT32)
    expect(other).toEqual([])
  })
})

describe('a whole model in HDF5 as Keras 2 saved it, written by h5py', () => {
  const file = { name: 'legacy.h5', bytes: readFileSync(new URL('data/legacy.h5', import.meta.url)) }

  it('is read with its weights', async () => {
    const imported = await importNetwork(file)
    const { layout, weights } = requestOf(legacyExample())
    const named = new Map(imported.weights.map((array) => [array.name, array.data]))
    for (const { name, offset, size } of layout.slots) {
      expect([name, named.get(name)]).toEqual([name, weights.slice(offset, offset + size)])
    }
    expect(kindsOf(imported)).toEqual(legacyExample().layers.map(({ kind }) => kind))
  })

  it('has attributes that are texts and lists of texts', async () => {
    const { texts } = await readHdf5(file.bytes, file.name)
    expect(texts.get('')!.keras_version).toBe('2.15.0')
    expect(texts.get('model_weights')!.layer_names).toContain('conv1')
  })
})

describe('what can not come in', () => {
  const dense = { class_name: 'Dense', config: { name: 'fc', units: 3 } }
  const model = (...list: readonly unknown[]) => ({
    name: 'model.json',
    bytes: text({ class_name: 'Sequential', config: { layers: list, build_input_shape: [null, 4, 4, 1] } }),
  })

  it('is named, every layer with the reason', async () => {
    const lambda = { class_name: 'Lambda', config: { name: 'trick' } }
    const relu6 = { class_name: 'ReLU', config: { name: 'six', max_value: 6 } }
    await expect(
      importNetwork(model(relu6, { class_name: 'Flatten', config: { name: 'f' } }, dense)),
    ).rejects.toThrow('six (ReLU): it has a bound or a threshold')
    await expect(importNetwork(model(lambda, dense))).rejects.toThrow(
      'trick (Lambda): there is no such layer here',
    )
  })

  it('is a graph model, or one whose weights are missing', async () => {
    const graph = { name: 'model.json', bytes: text({ format: 'graph-model', modelTopology: {} }) }
    await expect(importNetwork(graph)).rejects.toThrow(/operations and no layers/)
    const short = text({
      format: 'layers-model',
      modelTopology: { class_name: 'Sequential', config: { layers: [dense], build_input_shape: [null, 4] } },
      weightsManifest: [
        { paths: ['w.bin'], weights: [{ name: 'fc/kernel', shape: [4, 3], dtype: 'float32' }] },
      ],
    })
    await expect(
      importNetwork({ name: 'model.json', bytes: short }, () => new Uint8Array(8)),
    ).rejects.toThrow(/w\.bin ends before its weights do/)
  })

  it('is no structure alone: that comes in without weights, and says so', async () => {
    const { weights, notes, document } = await importNetwork(
      model({ class_name: 'Flatten', config: { name: 'f' } }, dense),
    )
    expect(weights).toEqual([])
    expect(notes.map(({ en }) => en).join()).toContain('structure alone')
    expect(document.layers.map(({ kind }) => kind)).toEqual(['input', 'flatten', 'dense'])
  })
})
