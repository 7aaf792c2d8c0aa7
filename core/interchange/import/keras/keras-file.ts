import { strFromU8, strToU8 } from 'fflate'
import { type Hdf5Array, type Hdf5Content, readHdf5 } from '../../../formats/hdf5.ts'
import { readZip } from '../../../formats/zip.ts'
import { text } from '../../../network/text.ts'
import { snakeCase } from '../../keras-terms.ts'
import type { ForeignFile, Imported, Importer } from '../importer.ts'
import { convert, told } from './convert.ts'
import {
  Damaged,
  isObject,
  type KerasLayer,
  type KerasTensor,
  readModel,
  Unsupported,
  weightOrder,
} from './model.ts'

const begins = ({ bytes }: ForeignFile, ...mark: readonly number[]): boolean =>
  mark.every((byte, i) => bytes[i] === byte)

/** A `.keras` file of Keras 3: a ZIP archive of the configuration and the weights. */
export const keras: Importer = {
  id: 'keras',
  title: text('Keras', 'Keras'),
  endings: ['keras'],
  detect: (file) => file.name.toLowerCase().endsWith('.keras') && begins(file, 0x50, 0x4b),
  read: (file) => told(file.name, () => readArchive(file)),
}

/** A whole model in an HDF5 file, as Keras 2 saved them and Keras 3 still does on request. */
export const kerasHdf5: Importer = {
  id: 'keras-h5',
  title: text('Keras HDF5', 'Keras HDF5'),
  endings: ['h5', 'hdf5'],
  detect: (file) => begins(file, 0x89, 0x48, 0x44, 0x46),
  read: (file) => told(file.name, () => readLegacy(file)),
}

async function readArchive(file: ForeignFile): Promise<Imported> {
  const entries = new Map(readZip(file.bytes, file.name).map((entry) => [entry.path, entry]))
  const config = entries.get('config.json')
  const weights = entries.get('model.weights.h5')
  if (!config || !weights) throw new Damaged('it has no config.json or no model.weights.h5 in it')
  const model = readModel(parse(config.read()))
  const content = await readHdf5(weights.read(), `${file.name}: model.weights.h5`)
  const metadata = entries.get('metadata.json')
  const own = metadata ? parse(metadata.read()) : {}
  const input = isObject(own) && isObject(own.layerloom) ? own.layerloom.input : undefined
  return convert({ ...model, weights: countedWeights(model.layers, content) }, file.name, input)
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(strFromU8(bytes))
  } catch {
    throw new Damaged('a part of it is no JSON')
  }
}

/** Keras 3 counts layers of a class, and keeps weights by their place. */
function countedWeights(layers: readonly KerasLayer[], { arrays }: Hdf5Content) {
  const folders = new Map<string, string>()
  const counts = new Map<string, number>()
  for (const { className, name } of layers) {
    const base = snakeCase(className)
    const count = counts.get(base) ?? 0
    counts.set(base, count + 1)
    folders.set(name, count === 0 ? base : `${base}_${count}`)
  }
  const byPath = new Map(arrays.map((array) => [array.path, array]))
  return (layer: KerasLayer): ReadonlyMap<string, KerasTensor> => {
    const own = weightOrder(layer).flatMap((name, i): [string, KerasTensor][] => {
      // the first releases of Keras 3 had another name for the same
      const found = ['layers', '_layer_checkpoint_dependencies'].flatMap(
        (root) => byPath.get(`${root}/${folders.get(layer.name)}/vars/${i}`) ?? [],
      )
      return found[0] ? [[name, tensorOf(found[0])]] : []
    })
    return new Map(own)
  }
}

const tensorOf = ({ shape, data }: Hdf5Array): KerasTensor => ({ shape, data: data as Float32Array })

async function readLegacy(file: ForeignFile): Promise<Imported> {
  const content = await readHdf5(file.bytes, file.name)
  const config = content.texts.get('')?.model_config
  if (typeof config !== 'string') {
    throw new Unsupported(
      'it holds weights without a structure: save the whole model, or choose its .keras file',
    )
  }
  const model = readModel(parse(strToU8(config)))
  return convert({ ...model, weights: namedWeights(content) }, file.name, undefined)
}

/** Keras 2 keeps weights by name, in a group for each layer: `model_weights/fc/fc/kernel:0`. */
function namedWeights({ arrays }: Hdf5Content) {
  return (layer: KerasLayer): ReadonlyMap<string, KerasTensor> => {
    const prefix = `model_weights/${layer.name}/`
    const own = arrays
      .filter(({ path }) => path.startsWith(prefix))
      .map((array): [string, KerasTensor] => [
        array.path.split('/').at(-1)!.replace(/:\d+$/, ''),
        tensorOf(array),
      ])
    return new Map(own)
  }
}
