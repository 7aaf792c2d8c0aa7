import { strFromU8 } from 'fflate'
import { text } from '../../../network/text.ts'
import type { Beside, ForeignFile, Imported, Importer } from '../importer.ts'
import { convert, told } from './convert.ts'
import {
  Damaged,
  isObject,
  isTexts,
  type KerasLayer,
  type KerasTensor,
  readModel,
  Unsupported,
} from './model.ts'

/** `model.json` of TensorFlow.js with its weights beside it, or the JSON of a Keras model without any. */
export const tfjs: Importer = {
  id: 'tfjs',
  title: text('TensorFlow.js or Keras JSON', 'TensorFlow.js 또는 Keras JSON'),
  endings: ['json'],
  detect: ({ name, bytes }) => {
    if (bytes.find((byte) => byte > 32) !== 0x7b) return false
    const beginning = strFromU8(bytes.subarray(0, 4096), true)
    return (
      /"(modelTopology|class_name|layers-model|graph-model)"/.test(beginning) && !name.endsWith('.layerloom')
    )
  },
  read: (file, beside) => told(file.name, () => read(file, beside)),
}

function read(file: ForeignFile, beside: Beside): Imported {
  const content = parse(file)
  if (content.format === 'graph-model') {
    throw new Unsupported(
      'a graph model has operations and no layers: convert a layers model, or import ONNX',
    )
  }
  const topology = 'modelTopology' in content ? content.modelTopology : content
  const weights = 'weightsManifest' in content ? manifest(content.weightsManifest, beside) : null
  const metadata = isObject(content.userDefinedMetadata) ? content.userDefinedMetadata : {}
  return convert({ ...readModel(topology), weights }, file.name, metadata.input)
}

function parse({ bytes }: ForeignFile): Readonly<Record<string, unknown>> {
  let content: unknown
  try {
    content = JSON.parse(strFromU8(bytes))
  } catch {
    throw new Damaged('it is no JSON')
  }
  if (!isObject(content)) throw new Damaged('it holds no model')
  return content
}

/** The tensors of all groups, by their names. */
function manifest(groups: unknown, beside: Beside) {
  const tensors = new Map<string, KerasTensor>()
  for (const group of Array.isArray(groups) ? groups : []) {
    if (!isObject(group) || !isTexts(group.paths) || !Array.isArray(group.weights)) {
      throw new Damaged('its list of weights is damaged')
    }
    const bytes = joined(group.paths.map(beside))
    let at = 0
    for (const entry of group.weights) {
      const { name, shape, size } = entryOf(entry)
      if (at + 4 * size > bytes.length)
        throw new Damaged(`the file ${group.paths.join(', ')} ends before its weights do`)
      tensors.set(name, { shape, data: floats(bytes.subarray(at, at + 4 * size)) })
      at += 4 * size
    }
  }
  return (layer: KerasLayer): ReadonlyMap<string, KerasTensor> => {
    const own = [...tensors].flatMap(([name, tensor]): [string, KerasTensor][] => {
      const parts = name.split('/')
      return parts.at(-2) === layer.name ? [[parts.at(-1)!, tensor]] : []
    })
    return new Map(own)
  }
}

/** A copy: what came may lie anywhere in a larger piece of memory. */
const floats = (bytes: Uint8Array): Float32Array => new Float32Array(new Uint8Array(bytes).buffer)

function entryOf(entry: unknown) {
  const shape = isObject(entry) ? entry.shape : null
  if (!isObject(entry) || typeof entry.name !== 'string' || !Array.isArray(shape)) {
    throw new Damaged('its list of weights is damaged')
  }
  if (entry.dtype !== 'float32' || entry.quantization !== undefined) {
    throw new Unsupported(`the weight ${entry.name} is not float32: save the model without quantization`)
  }
  if (!shape.every((side) => Number.isSafeInteger(side) && side >= 0))
    throw new Damaged(`the shape of ${entry.name} is damaged`)
  return {
    name: entry.name,
    shape: shape as number[],
    size: shape.reduce((product, side) => product * side, 1),
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
