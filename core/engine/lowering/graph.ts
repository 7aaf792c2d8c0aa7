import {
  type AttributeProto,
  AttributeType,
  DataType,
  type NodeProto,
  type TensorProto,
} from '../../formats/onnx/proto.ts'
import { floatTensor, int64Tensor } from '../../formats/onnx/tensor.ts'
import type { Tensor } from '../../layers/builder.ts'
import type { Dims } from '../ops/primitive.ts'

/** What an ONNX node's attribute may be given as; a number alone is a whole one. */
export type OnnxAttribute =
  | number
  | readonly number[]
  | string
  | { readonly float: number }
  | { readonly floats: readonly number[] }

/** Nodes and constants of an ONNX graph while a program is lowered into it. */
export class OnnxGraph {
  readonly nodes: NodeProto[] = []
  readonly initializers: TensorProto[] = []
  /** Operator domains in use besides ONNX's own. */
  readonly domains = new Set<string>()
  readonly floatType = DataType.float
  readonly #names = new Map<number, string>()
  readonly #producers = new Map<string, NodeProto>()
  readonly #published = new Set<string>()
  readonly #constants = new Map<string, string>()
  readonly #dims: (tensor: Tensor) => Dims
  #count = 0
  /** Between whole numbers: programs count their tensors up from 0, and what rewrites programs counts its own down. */
  #ownId = 0.5

  /** `dims` tells the shape that goes into the graph, where a free batch size is -1. */
  constructor(dims: (tensor: Tensor) => Dims = (tensor) => tensor.shape) {
    this.#dims = dims
  }

  /** Appends a node of one output and gives the output's name. */
  op(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain = '',
  ): string {
    const name = this.fresh(type)
    const node: NodeProto = {
      opType: type,
      name,
      input: [...inputs],
      output: [name],
      attribute: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
    }
    if (domain !== '') {
      node.domain = domain
      this.domains.add(domain)
    }
    this.nodes.push(node)
    this.#producers.set(name, node)
    return name
  }

  /** Name of the second output of the node that made `first`, which is asked for by this. */
  secondOutput(first: string): string {
    const node = this.#producers.get(first)
    if (!node) throw new Error(`No node makes ${first}`)
    if (node.output.length === 1) node.output.push(`${first}.2`)
    return node.output[1]!
  }

  fresh(prefix: string): string {
    return `${prefix}_${this.#count++}`
  }

  /** Ties a program's tensor to a name in the graph. */
  bind(tensor: Tensor, name: string): void {
    this.#names.set(tensor.id, name)
  }

  /** A result as a tensor that is in no program, for a recipe that is made of others' recipes. */
  tensor(name: string, shape: Dims): Tensor {
    const tensor = { id: this.#ownId++, shape }
    this.bind(tensor, name)
    return tensor
  }

  name(tensor: Tensor): string {
    const name = this.#names.get(tensor.id)
    if (name === undefined) throw new Error(`Tensor ${tensor.id} is used before it is made`)
    return name
  }

  names(tensors: readonly Tensor[]): string[] {
    return tensors.map((tensor) => this.name(tensor))
  }

  /** Makes a result an output of the graph under `name`. */
  publish(result: string, name: string): void {
    const producer = this.#producers.get(result)
    if (!producer || this.#published.has(result)) {
      this.nodes.push({ opType: 'Identity', name, input: [result], output: [name] })
      return
    }
    this.#published.add(name)
    this.#producers.set(name, producer)
    for (const node of this.nodes) {
      node.input = node.input.map((input) => (input === result ? name : input))
      node.output = node.output.map((output) => (output === result ? name : output))
    }
    for (const [id, bound] of this.#names) if (bound === result) this.#names.set(id, name)
  }

  dims(tensor: Tensor): Dims {
    return this.#dims(tensor)
  }

  /** A float32 constant; equal small ones are stored once. */
  floats(values: Float32Array, shape: Dims): string {
    return this.#constant(`f${shape.join()}:`, values, () =>
      floatTensor(this.fresh('constant'), values, shape),
    )
  }

  scalar(value: number): string {
    return this.floats(Float32Array.of(value), [])
  }

  /** An int64 constant, of one axis unless a shape is given. */
  ints(values: readonly number[], shape: Dims = [values.length]): string {
    return this.#constant(`i${shape.join()}:`, values, () =>
      int64Tensor(this.fresh('constant'), values, shape),
    )
  }

  #constant(prefix: string, values: ArrayLike<number>, make: () => TensorProto): string {
    const key = values.length <= 64 ? prefix + Array.from(values).join() : null
    const known = key === null ? undefined : this.#constants.get(key)
    if (known !== undefined) return known
    const tensor = make()
    this.initializers.push(tensor)
    if (key !== null) this.#constants.set(key, tensor.name)
    return tensor.name
  }
}

function attributeOf(name: string, value: OnnxAttribute): AttributeProto {
  if (typeof value === 'number') return { name, type: AttributeType.int, i: value }
  if (typeof value === 'string') {
    return { name, type: AttributeType.string, s: Uint8Array.from(value, (letter) => letter.charCodeAt(0)) }
  }
  if ('float' in value) return { name, type: AttributeType.float, f: value.float }
  if ('floats' in value) return { name, type: AttributeType.floats, floats: [...value.floats] }
  return { name, type: AttributeType.ints, ints: [...value] }
}
