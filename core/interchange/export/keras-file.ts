import { strToU8 } from 'fflate'
import { type Hdf5Array, writeHdf5 } from '../../formats/hdf5.ts'
import { writeZip } from '../../formats/zip-writer.ts'
import { text } from '../../network/text.ts'
import { snakeCase } from '../keras-terms.ts'
import { type ExportFormat, metadataOf } from './format.ts'
import { buildKeras } from './keras/build.ts'
import type { KerasLayer, KerasNet } from './keras/net.ts'

/** The version whose layout of files this follows. */
const KERAS = '3.10.0'

/** Structure and weights as one `.keras` file (a ZIP archive), as Keras 3 writes them. */
export const keras: ExportFormat = {
  id: 'keras',
  title: text('Keras', 'Keras'),
  ending: 'keras',
  async write(request) {
    const net = inKerasOrder(buildKeras(request, 'keras'))
    const metadata = {
      keras_version: KERAS,
      date_saved: '1980-01-01@00:00:00',
      layerloom: metadataOf(request),
    }
    const files = [
      { path: 'metadata.json', bytes: json(metadata) },
      { path: 'config.json', bytes: json(configOf(net)) },
      { path: 'model.weights.h5', bytes: await weightsFile(net) },
    ]
    return [{ path: 'network.keras', bytes: writeZip(files) }]
  },
}

/** The weights alone, as `model.save_weights` of Keras 3 writes them into a `.weights.h5` file. */
export const kerasWeights: ExportFormat = {
  id: 'keras-weights',
  title: text('Keras weights', 'Keras 가중치'),
  ending: 'weights.h5',
  write: async (request) => [
    { path: 'network.weights.h5', bytes: await weightsFile(inKerasOrder(buildKeras(request, 'keras'))) },
  ],
}

const json = (value: unknown): Uint8Array => strToU8(JSON.stringify(value))

const object = (className: string, config: unknown, module = 'keras') => ({
  module,
  class_name: className,
  config,
  registered_name: null,
})

const policy = object('DTypePolicy', { name: 'float32' })

function configOf(net: KerasNet) {
  const shapes = new Map(net.layers.map(({ name, output }) => [name, [null, ...output]]))
  const layers = net.layers.map((layer) => layerOf(layer, shapes))
  return {
    ...object(
      'Functional',
      {
        name: 'network',
        trainable: true,
        layers,
        input_layers: [[net.input, 0, 0]],
        output_layers: [[net.output, 0, 0]],
      },
      // where Keras itself has the class; its public name is not found when a file is read
      'keras.src.models.functional',
    ),
    registered_name: 'Functional',
    build_config: { input_shape: shapes.get(net.input) },
    compile_config: null,
  }
}

function layerOf(
  { className, name, config, inputs, output }: KerasLayer,
  shapes: ReadonlyMap<string, unknown>,
) {
  const tensors = inputs.map((input) => ({
    class_name: '__keras_tensor__',
    config: { shape: shapes.get(input), dtype: 'float32', keras_history: [input, 0, 0] },
  }))
  const given = inputs.map((input) => shapes.get(input))
  // dropout of whole maps alone does not take it
  const trains = className.startsWith('SpatialDropout') ? {} : { trainable: true }
  const own = { name, ...trains, dtype: policy, ...config }
  const first = className === 'InputLayer'
  return {
    ...object(
      className,
      first ? { batch_shape: [null, ...output], dtype: 'float32', sparse: false, ragged: false, name } : own,
      'keras.layers',
    ),
    ...(first ? {} : { build_config: { input_shape: tensors.length > 1 ? given : given[0] } }),
    name,
    inbound_nodes: first ? [] : [{ args: tensors.length > 1 ? [tensors] : tensors, kwargs: {} }],
  }
}

/**
 * The layers as Keras counts them when it names their groups: by their longest way to the output, longest first, and
 * layers of one distance as a walk back from the output meets them (`map_graph` of Keras 3).
 */
function inKerasOrder(net: KerasNet): KerasNet {
  const byName = new Map(net.layers.map((layer) => [layer.name, layer]))
  const met = new Map<string, number>()
  const waiting = [net.output]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (met.has(name)) continue
    met.set(name, met.size)
    waiting.push(...byName.get(name)!.inputs.toReversed())
  }
  const distance = new Map<string, number>()
  for (const { name, inputs } of net.layers.toReversed()) {
    const own = distance.get(name) ?? 0
    for (const input of inputs) distance.set(input, Math.max(own + 1, distance.get(input) ?? 0))
    distance.set(name, own)
  }
  const key = ({ name }: KerasLayer): [number, number] => [distance.get(name) ?? 0, met.get(name) ?? -1]
  const layers = net.layers.toSorted((a, b) => key(b)[0] - key(a)[0] || key(a)[1] - key(b)[1])
  return { ...net, layers }
}

/**
 * Keras 3 keeps weights by the classes of layers, counted, and in the order in which a layer makes them; layers that
 * draw random numbers keep the state of their generator beside them.
 */
function weightsFile(net: KerasNet): Promise<Uint8Array> {
  const counts = new Map<string, number>()
  const arrays: Hdf5Array[] = []
  const groups: string[] = []
  for (const { className, config, weights } of net.layers) {
    const base = snakeCase(className)
    const count = counts.get(base) ?? 0
    counts.set(base, count + 1)
    const folder = `layers/${count === 0 ? base : `${base}_${count}`}`
    groups.push(`${folder}/vars`)
    for (const [i, { shape, data }] of weights.entries())
      arrays.push({ path: `${folder}/vars/${i}`, shape, data })
    if (/Dropout/.test(className) && Number(config.rate) > 0) {
      const data = Uint32Array.of(0, counts.size)
      arrays.push({ path: `${folder}/seed_generator/vars/0`, shape: [2], data })
    }
  }
  return writeHdf5(arrays, groups)
}
