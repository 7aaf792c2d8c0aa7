import type { ModelProto } from '../../formats/onnx/proto.ts'
import { floatTensor, floatValue } from '../../formats/onnx/tensor.ts'
import type { Tensor } from '../../layers/builder.ts'
import type { Operation } from '../ops/primitive.ts'
import type { Program } from '../program.ts'
import { OnnxGraph } from './graph.ts'

/** Operator set and file version written: what current runtimes and Debian's python3-onnx 1.12 both take. */
const OPSET = 17
const IR_VERSION = 8

/** Appends the ONNX nodes of one operation and gives the name of its result. */
export type Emitter = (graph: OnnxGraph, op: Operation) => string

/** How programs become ONNX graphs for one kind of executor: emitters that replace the primitives' own. */
export interface Profile {
  readonly name: string
  readonly emitters: ReadonlyMap<string, Emitter>
}

/** Any CPU: every primitive's own lowering. */
export const standardProfile: Profile = { name: 'standard', emitters: new Map() }

export interface LowerOptions {
  readonly profile: Profile
  /** Shape of a tensor in the graph, for those whose batch size stays free (-1). */
  readonly dims?: (tensor: Tensor) => readonly number[]
  /** Values of run-time inputs that become constants of that name. */
  readonly fixed?: ReadonlyMap<string, Float32Array>
}

/**
 * The ONNX model of a program: its inputs and outputs under their names, everything else as nodes and initializers.
 * A dimension of -1 in an input's or output's shape becomes the free one `batch`.
 */
export function lower(program: Program, options: LowerOptions): ModelProto {
  const dims = options.dims ?? ((tensor: Tensor) => tensor.shape)
  const graph = new OnnxGraph(dims)
  for (const [name, tensor] of program.inputs) {
    graph.bind(tensor, name)
    const values = options.fixed?.get(name)
    if (values) graph.initializers.push(floatTensor(name, values, tensor.shape))
  }
  for (const { tensor, values } of program.constants) graph.bind(tensor, graph.floats(values, tensor.shape))
  for (const op of program.operations) {
    const emit = options.profile.emitters.get(op.primitive.name)
    graph.bind(op.output, emit ? emit(graph, op) : op.primitive.onnx(graph, op))
  }
  for (const [name, tensor] of program.outputs) graph.publish(graph.name(tensor), name)
  const shapes = (entries: Iterable<[string, Tensor]>) =>
    Array.from(entries, ([name, tensor]): [string, readonly number[]] => [name, dims(tensor)])
  return modelOf(
    graph,
    shapes(program.inputs).filter(([name]) => !options.fixed?.has(name)),
    shapes(program.outputs),
  )
}

type NamedShape = readonly [name: string, shape: readonly number[]]

/** The model of a finished graph with these inputs and outputs; a dimension of -1 is the free one `batch`. */
export function modelOf(
  graph: OnnxGraph,
  inputs: readonly NamedShape[],
  outputs: readonly NamedShape[],
): ModelProto {
  const value = ([name, shape]: NamedShape) =>
    floatValue(
      name,
      shape.map((n) => (n === -1 ? 'batch' : n)),
    )
  const { nodes, initializers } = graph.finish()
  return {
    irVersion: IR_VERSION,
    opsetImport: [
      { domain: '', version: OPSET },
      ...Array.from(graph.domains, (domain) => ({ domain, version: 1 })),
    ],
    graph: {
      name: 'layerloom',
      node: nodes,
      initializer: initializers,
      input: inputs.map(value),
      output: outputs.map(value),
    },
  }
}
