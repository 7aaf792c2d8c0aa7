import { DataType, type TensorProto, type ValueInfoProto } from './proto.ts'

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** ONNX wants raw data little-endian whatever the machine is. */
function rawBytes(values: Float32Array | BigInt64Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  if (littleEndian) return bytes
  const width = values.BYTES_PER_ELEMENT
  return bytes.map((_, i) => bytes[i - (i % width) + (width - 1 - (i % width))]!)
}

/** A constant of float32 values, row by row. The bytes are not copied. */
export function floatTensor(name: string, values: Float32Array, dims: readonly number[]): TensorProto {
  return { name, dims: [...dims], dataType: DataType.float, rawData: rawBytes(values) }
}

/** A constant of int64 values: shapes, axes and indices. */
export function int64Tensor(name: string, values: readonly number[], dims: readonly number[]): TensorProto {
  const wide = BigInt64Array.from(values, BigInt)
  return { name, dims: [...dims], dataType: DataType.int64, rawData: rawBytes(wide) }
}

/** Type and shape of a graph's input or output; a dimension given as text is a free one of that name. */
export function floatValue(name: string, dims: readonly (number | string)[]): ValueInfoProto {
  const dim = dims.map((d) => (typeof d === 'string' ? { dimParam: d } : { dimValue: d }))
  return { name, type: { tensorType: { elemType: DataType.float, shape: { dim } } } }
}
