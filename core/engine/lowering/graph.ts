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
  /** All that were made; see `finish` for those that count. */
  readonly nodes: NodeProto[] = []
  readonly initializers: TensorProto[] = []
  /** Operator domains in use besides ONNX's own. */
  readonly domains = new Set<string>()
  readonly floatType = DataType.float
  readonly #names = new Map<number, string>()
  readonly #producers = new Map<string, NodeProto>()
  /** Nodes by what they compute. */
  readonly #known = new Map<string, string>()
  /** Names that results have in the finished graph. */
  readonly #published = new Map<string, string>()
  readonly #constants = new Map<string, string>()
  readonly #dims: (tensor: Tensor) => Dims
  #count = 0
  /** Between whole numbers: programs count their tensors up from 0, and what rewrites programs counts its own down. */
  #ownId = 0.5

  /** `dims` tells the shape that goes into the graph, where a free batch size is -1. */
  constructor(dims: (tensor: Tensor) => Dims = (tensor) => tensor.shape) {
    this.#dims = dims
  }

  /** Name of the result of a node of one output: a new node, unless there is one that computes the same. */
  op(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain = '',
  ): string {
    // views of views are views of what is at their bottom
    const source = type === 'Reshape' ? this.#producers.get(inputs[0]!) : undefined
    const operands = source?.opType === 'Reshape' ? [source.input[0]!, ...inputs.slice(1)] : [...inputs]
    const key = JSON.stringify([domain, type, operands, attributes])
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const name = this.fresh(type)
    this.#known.set(key, name)
    const node: NodeProto = {
      opType: type,
      name,
      input: operands,
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

  /** The nodes that the published results need, in the order they were made in, and the constants that these need. */
  finish(): { readonly nodes: NodeProto[]; readonly initializers: TensorProto[] } {
    const needed = new Set(this.#published.keys())
    const nodes: NodeProto[] = []
    for (const node of this.nodes.toReversed()) {
      if (!node.output.some((name) => needed.has(name))) continue
      for (const name of node.input) needed.add(name)
      nodes.push(node)
    }
    const final = (name: string): string => this.#published.get(name) ?? name
    return {
      nodes: nodes
        .reverse()
        .map((node) => ({ ...node, input: node.input.map(final), output: node.output.map(final) })),
      initializers: this.initializers.filter(({ name }) => needed.has(name)),
    }
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
    if (this.#producers.has(result) && !this.#published.has(result)) {
      this.#published.set(result, name)
      return
    }
    const copy = this.fresh('Identity')
    this.nodes.push({ opType: 'Identity', name: copy, input: [result], output: [copy] })
    this.#published.set(copy, name)
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
