import type { AttributeProto, GraphProto, NodeProto, ReadTensorProto } from '../../../formats/onnx/proto.ts'
import { type OnnxArray, readTensor } from '../../../formats/onnx/read-tensor.ts'
import { fold } from './fold.ts'

/** A value that the graph knows without an input. */
export interface Constant extends OnnxArray {
  /** Names of the initializers it was made of: what layers are called after. */
  readonly from: readonly string[]
}

/** A node with its attributes at hand. */
export class OnnxNode {
  readonly op: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly #attributes: ReadonlyMap<string, AttributeProto>

  constructor(proto: NodeProto, index: number) {
    this.op = proto.domain ? `${proto.domain}.${proto.opType}` : proto.opType
    this.name = proto.name || `${proto.opType}_${index}`
    this.inputs = proto.input ?? []
    this.outputs = proto.output ?? []
    this.#attributes = new Map((proto.attribute ?? []).map((attribute) => [attribute.name, attribute]))
  }

  get output(): string {
    return this.outputs[0] ?? ''
  }

  /** Whole numbers; null when the attribute is absent. */
  ints(name: string): readonly number[] | null {
    const attribute = this.#attributes.get(name)
    return attribute ? (attribute.ints ?? []) : null
  }

  /** A number that stands as 0 is not written. */
  int(name: string, otherwise: number): number {
    const attribute = this.#attributes.get(name)
    return attribute ? (attribute.i ?? 0) : otherwise
  }

  float(name: string, otherwise: number): number {
    const attribute = this.#attributes.get(name)
    return attribute ? (attribute.f ?? 0) : otherwise
  }

  text(name: string, otherwise: string): string {
    const bytes = this.#attributes.get(name)?.s
    return bytes ? String.fromCharCode(...bytes) : otherwise
  }

  tensor(name: string): ReadTensorProto | null {
    return this.#attributes.get(name)?.t ?? null
  }
}

/** A graph with everything computed that depends on no input, and nothing in it that its output does not need. */
export interface OnnxGraphView {
  /** In the order they run. */
  readonly nodes: readonly OnnxNode[]
  /** Names of nodes that nothing reads. */
  readonly unread: readonly string[]
  readonly constants: Map<string, Constant>
  readonly producers: ReadonlyMap<string, OnnxNode>
  /** How many nodes read a value; the graph's output counts as one. */
  readonly uses: ReadonlyMap<string, number>
}

/**
 * Takes a graph apart.
 * @param output name of the value that is wanted
 * @param outside gives the bytes of files that large models keep weights in
 */
export function viewOf(
  graph: GraphProto,
  output: string,
  outside: (path: string) => Uint8Array,
): OnnxGraphView {
  const constants = new Map<string, Constant>()
  for (const tensor of graph.initializer ?? []) {
    constants.set(tensor.name, { ...readTensor(tensor, outside), from: [tensor.name] })
  }
  const all = (graph.node ?? []).map((node, index) => new OnnxNode(node, index))
  const running = all.filter((node) => {
    const value = fold(node, constants, outside)
    if (value) constants.set(node.output, value)
    return !value
  })
  const wanted = new Set([output])
  const nodes: OnnxNode[] = []
  for (const node of running.toReversed()) {
    if (!node.outputs.some((name) => wanted.has(name))) continue
    nodes.push(node)
    for (const name of node.inputs) wanted.add(name)
  }
  nodes.reverse()
  const uses = new Map([[output, 1]])
  for (const node of nodes) {
    for (const name of node.inputs) uses.set(name, (uses.get(name) ?? 0) + 1)
  }
  const kept = new Set(nodes)
  return {
    nodes,
    unread: running.filter((node) => !kept.has(node)).map(({ op, name }) => `${op} (${name})`),
    constants,
    producers: new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const))),
    uses,
  }
}
