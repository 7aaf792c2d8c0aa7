import protobuf from 'protobufjs/light.js'

/**
 * The part of ONNX's protocol buffer messages that Layerloom writes and reads, from the field numbers of the
 * ONNX specification (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). Whole numbers of 64 bits are plain
 * JavaScript numbers here, which is exact up to 2^53.
 */
export interface AttributeProto {
  name: string
  f?: number
  i?: number
  s?: Uint8Array
  floats?: number[]
  ints?: number[]
  /** A tensor; read alone. */
  t?: TensorProto
  type: number
}

export interface NodeProto {
  input: string[]
  output: string[]
  name?: string
  opType: string
  attribute?: AttributeProto[]
  domain?: string
}

export interface TensorProto {
  dims: number[]
  dataType: number
  name: string
  rawData: Uint8Array
}

/** A tensor as it may come in a file of another program: its values in any one of these places. */
export interface ReadTensorProto extends Omit<TensorProto, 'rawData'> {
  rawData?: Uint8Array
  floatData?: number[]
  int32Data?: number[]
  int64Data?: number[]
  doubleData?: number[]
  /** 1 where the values are in another file. */
  dataLocation?: number
  /** `location`, `offset` and `length` of that. */
  externalData?: { key: string; value: string }[]
}

export interface DimensionProto {
  dimValue?: number
  dimParam?: string
}

export interface ValueInfoProto {
  name: string
  /** May be absent of outputs, which nodes tell the type of. */
  type?: { tensorType: { elemType: number; shape?: { dim: DimensionProto[] } } }
}

export interface GraphProto {
  node: NodeProto[]
  name: string
  initializer: TensorProto[]
  docString?: string
  input: ValueInfoProto[]
  output: ValueInfoProto[]
}

export interface ModelProto {
  irVersion: number
  /** The domain of ONNX's own operators is empty, or absent in a file that is read. */
  opsetImport: { domain?: string; version: number }[]
  producerName?: string
  producerVersion?: string
  docString?: string
  graph: GraphProto
  metadataProps?: { key: string; value: string }[]
}

/** `TensorProto.DataType`. */
export const DataType = {
  ...{ float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10, double: 11, bfloat16: 16 },
} as const

/** `AttributeProto.AttributeType`. */
export const AttributeType = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const

const one = (type: string, id: number) => ({ type, id })
const many = (type: string, id: number) => ({ rule: 'repeated' as const, type, id })

const root = protobuf.Root.fromJSON({
  nested: {
    AttributeProto: {
      fields: {
        name: one('string', 1),
        f: one('float', 2),
        i: one('int64', 3),
        s: one('bytes', 4),
        floats: many('float', 7),
        ints: many('int64', 8),
        t: one('TensorProto', 5),
        type: one('int32', 20),
      },
    },
    NodeProto: {
      fields: {
        input: many('string', 1),
        output: many('string', 2),
        name: one('string', 3),
        opType: one('string', 4),
        attribute: many('AttributeProto', 5),
        domain: one('string', 7),
      },
    },
    TensorProto: {
      fields: {
        dims: many('int64', 1),
        dataType: one('int32', 2),
        floatData: { ...many('float', 4), options: { packed: true } },
        int32Data: { ...many('int32', 5), options: { packed: true } },
        int64Data: { ...many('int64', 7), options: { packed: true } },
        name: one('string', 8),
        rawData: one('bytes', 9),
        doubleData: { ...many('double', 10), options: { packed: true } },
        externalData: many('StringStringEntryProto', 13),
        dataLocation: one('int32', 14),
      },
    },
    DimensionProto: { fields: { dimValue: one('int64', 1), dimParam: one('string', 2) } },
    ShapeProto: { fields: { dim: many('DimensionProto', 1) } },
    TensorTypeProto: { fields: { elemType: one('int32', 1), shape: one('ShapeProto', 2) } },
    TypeProto: { fields: { tensorType: one('TensorTypeProto', 1) } },
    ValueInfoProto: { fields: { name: one('string', 1), type: one('TypeProto', 2) } },
    GraphProto: {
      fields: {
        node: many('NodeProto', 1),
        name: one('string', 2),
        initializer: many('TensorProto', 5),
        docString: one('string', 10),
        input: many('ValueInfoProto', 11),
        output: many('ValueInfoProto', 12),
      },
    },
    OperatorSetIdProto: { fields: { domain: one('string', 1), version: one('int64', 2) } },
    StringStringEntryProto: { fields: { key: one('string', 1), value: one('string', 2) } },
    ModelProto: {
      fields: {
        irVersion: one('int64', 1),
        producerName: one('string', 2),
        producerVersion: one('string', 3),
        docString: one('string', 6),
        graph: one('GraphProto', 7),
        opsetImport: many('OperatorSetIdProto', 8),
        metadataProps: many('StringStringEntryProto', 14),
      },
    },
  },
})

const modelType = root.lookupType('ModelProto')

/** Bytes of an `.onnx` file. */
export function encodeModel(model: ModelProto): Uint8Array {
  return modelType.encode(model).finish()
}

/** Reads an `.onnx` file's graph. Throws a RangeError (protobufjs) when the bytes end too early. */
export function decodeModel(bytes: Uint8Array): ModelProto {
  const message = modelType.decode(bytes)
  return modelType.toObject(message, { longs: Number, arrays: true, objects: true }) as unknown as ModelProto
}
