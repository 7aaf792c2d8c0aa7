import { FormatError } from '../error.ts'
import { fromBfloat, fromHalf } from '../half.ts'
import { DataType, type ReadTensorProto } from './proto.ts'

/** A constant of an ONNX file. */
export interface OnnxArray {
  readonly dims: readonly number[]
  /** Floats of any width as float32; whole numbers and booleans as plain numbers. */
  readonly values: Float32Array | readonly number[]
}

interface ElementType {
  readonly bytes: number
  readonly float?: boolean
  /** The list it stands in where it is not raw. */
  readonly list: 'floatData' | 'int32Data' | 'int64Data' | 'doubleData'
  readonly read: (view: DataView, at: number) => number
  /** From what such a list has; the value itself where absent. */
  readonly unpack?: (value: number) => number
}

const TYPES: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [DataType.float, { bytes: 4, float: true, list: 'floatData', read: (v, at) => v.getFloat32(at, true) }],
  [DataType.double, { bytes: 8, float: true, list: 'doubleData', read: (v, at) => v.getFloat64(at, true) }],
  [
    DataType.float16,
    {
      ...{ bytes: 2, float: true, list: 'int32Data', unpack: fromHalf },
      read: (v, at) => fromHalf(v.getUint16(at, true)),
    },
  ],
  [
    DataType.bfloat16,
    {
      ...{ bytes: 2, float: true, list: 'int32Data', unpack: fromBfloat },
      read: (v, at) => fromBfloat(v.getUint16(at, true)),
    },
  ],
  [DataType.int64, { bytes: 8, list: 'int64Data', read: (v, at) => Number(v.getBigInt64(at, true)) }],
  [DataType.int32, { bytes: 4, list: 'int32Data', read: (v, at) => v.getInt32(at, true) }],
  [DataType.uint8, { bytes: 1, list: 'int32Data', read: (v, at) => v.getUint8(at) }],
  [DataType.int8, { bytes: 1, list: 'int32Data', read: (v, at) => v.getInt8(at) }],
  [DataType.bool, { bytes: 1, list: 'int32Data', read: (v, at) => v.getUint8(at) }],
])

/**
 * The values of a tensor, wherever the file keeps them.
 * @param outside gives the bytes of another file that large models keep their values in, by its relative path
 * @throws FormatError for a type that is not read and for values that do not fill the shape
 */
export function readTensor(tensor: ReadTensorProto, outside: (path: string) => Uint8Array): OnnxArray {
  const name = tensor.name || 'a constant'
  const type = TYPES.get(tensor.dataType)
  if (!type)
    throw new FormatError(`${name}: element type ${tensor.dataType} is not read: convert it to float32`)
  const dims = tensor.dims ?? []
  const size = dims.reduce((product, side) => product * side, 1)
  const raw = tensor.dataLocation === 1 ? external(tensor, outside) : tensor.rawData
  const list = tensor[type.list] ?? []
  const count = raw?.length ? raw.length / type.bytes : list.length
  if (count !== size || !dims.every((side) => Number.isSafeInteger(side) && side >= 0)) {
    throw new FormatError(
      `${name}: its shape [${dims.join(', ')}] has ${size} values and the file ${count}: it may be cut off`,
    )
  }
  const values = type.float ? new Float32Array(size) : new Array<number>(size).fill(0)
  if (raw?.length) {
    const view = new DataView(raw.buffer, raw.byteOffset, raw.length)
    for (let i = 0; i < size; i++) values[i] = type.read(view, i * type.bytes)
  } else {
    const unpack = type.unpack ?? ((value: number) => value)
    for (let i = 0; i < size; i++) values[i] = unpack(list[i]!)
  }
  return { dims, values }
}

function external(
  { name, externalData = [] }: ReadTensorProto,
  outside: (path: string) => Uint8Array,
): Uint8Array {
  const entry = (key: string) => externalData.find((one) => one.key === key)?.value
  const path = entry('location')
  if (path === undefined)
    throw new FormatError(`${name}: the file that holds it is not named: export it again`)
  const bytes = outside(path)
  const begin = Number(entry('offset') ?? 0)
  const length = Number(entry('length') ?? bytes.length - begin)
  if (!(begin >= 0 && length >= 0 && begin + length <= bytes.length)) {
    throw new FormatError(`${name}: ${path} is too short for it: it may be cut off`)
  }
  return bytes.subarray(begin, begin + length)
}
