import { strToU8 } from 'fflate'
import { text } from '../../network/text.ts'
import { type ExportFormat, metadataOf } from './format.ts'
import { buildKeras } from './keras/build.ts'
import type { KerasLayer, KerasNet } from './keras/net.ts'

const BINARY = 'group1-shard1of1.bin'

/**
 * A folder with a layers model of TensorFlow.js: `model.json` and its weights, for `tf.loadLayersModel`. Channels last,
 * as TensorFlow.js has images; a softmax at the end stays, so that it gives what the network itself puts out.
 */
export const tfjs: ExportFormat = {
  id: 'tfjs',
  title: text('TensorFlow.js', 'TensorFlow.js'),
  ending: null,
  write(request) {
    const net = buildKeras(request, 'tfjs')
    const weights = net.layers.flatMap((layer) =>
      layer.weights.map(({ name, shape, data }) => ({ name: `${layer.name}/${name}`, shape, data })),
    )
    const bytes = new Uint8Array(4 * weights.reduce((sum, { data }) => sum + data.length, 0))
    let at = 0
    for (const { data } of weights) {
      bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
      at += data.byteLength
    }
    const model = {
      format: 'layers-model',
      generatedBy: 'Layerloom',
      convertedBy: null,
      modelTopology: topology(net),
      weightsManifest: [
        {
          paths: [BINARY],
          weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
        },
      ],
      userDefinedMetadata: metadataOf(request),
    }
    return [
      { path: 'model.json', bytes: strToU8(JSON.stringify(model)) },
      { path: BINARY, bytes },
    ]
  },
}

const topology = (net: KerasNet) => ({
  class_name: 'Functional',
  config: {
    name: 'network',
    layers: net.layers.map(layerOf),
    input_layers: [[net.input, 0, 0]],
    output_layers: [[net.output, 0, 0]],
  },
  keras_version: 'tfjs-layers 4.22.0',
  backend: 'tensor_flow.js',
})

const layerOf = ({ className, name, config, inputs, output }: KerasLayer) => ({
  class_name: className,
  name,
  config: {
    name,
    trainable: true,
    dtype: 'float32',
    ...(className === 'InputLayer' ? { batch_input_shape: [null, ...output], sparse: false } : {}),
    ...config,
  },
  inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}])],
})
