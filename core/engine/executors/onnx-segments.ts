import { encodeModel, type ModelProto, type ValueInfoProto } from '../../formats/onnx/proto.ts'
import { cutGraph, type Segment } from '../lowering/segments.ts'
import { sizeOf } from '../ops/primitive.ts'
import type { Ort, OrtSession, OrtTensor, Runner, SessionOptions, Tensors } from './ort.ts'

/** How models are cut, in nodes. */
export interface SegmentSizes {
  /** The largest model that is not cut. */
  readonly large: number
  readonly segment: number
}

/**
 * The runtime sorts a graph's nodes in a time that grows with the square of those that could run next, of which a
 * training step has a share of all: its backward half waits from the start on. But a step of a chain takes longer and
 * more memory, as the runtime copies what a session gives, so only models are cut that would take many seconds to load.
 */
const SIZES: SegmentSizes = { large: 16_000, segment: 3000 }

/** How the sessions of a model are opened. */
export interface Opening {
  /** Options of one session, told which of its outputs stay where they are made. */
  readonly options: (resident: readonly string[], outputs: readonly string[]) => SessionOptions
  /** Outputs of the model that stay on the device. */
  readonly resident?: readonly string[]
  /** Whether what segments hand on lies on a device, and is made anew by every run. */
  readonly device?: boolean
  readonly sizes?: SegmentSizes
}

/** Loads a model: small ones as one session, large ones as a chain of them. */
export async function loadModel(ort: Ort, model: ModelProto, opening: Opening): Promise<Runner> {
  const { large, segment } = opening.sizes ?? SIZES
  const outputs = model.graph.output.map(({ name }) => name)
  if (model.graph.node.length <= large) {
    return ort.InferenceSession.create(encodeModel(model), opening.options(opening.resident ?? [], outputs))
  }
  return Chain.open(ort, model, cutGraph(model.graph, segment), opening)
}

interface Link {
  readonly session: OrtSession
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Values handed on that no link behind this one reads. */
  readonly spent: readonly string[]
}

/** A model as sessions that run one after another. */
class Chain implements Runner {
  readonly #links: readonly Link[]
  readonly #outputs: ReadonlySet<string>
  /** What links hand on, where it is memory of this process: the same in every run. */
  readonly #rooms: Tensors

  private constructor(links: readonly Link[], outputs: ReadonlySet<string>, rooms: Tensors) {
    this.#links = links
    this.#outputs = outputs
    this.#rooms = rooms
  }

  static async open(ort: Ort, model: ModelProto, segments: readonly Segment[], opening: Opening) {
    const outputs = new Set(model.graph.output.map(({ name }) => name))
    const spent = spentValues(segments, outputs)
    const known = new Map(model.graph.input.map((info) => [info.name, info]))
    const links: Link[] = []
    const rooms: Tensors = {}
    try {
      for (const [i, segment] of segments.entries()) {
        const resident = segment.outputs.filter(
          (name) => !outputs.has(name) || opening.resident?.includes(name),
        )
        const session = (await ort.InferenceSession.create(
          encodeModel(modelOfSegment(model, segment, known)),
          opening.options(resident, segment.outputs),
        )) as OrtSession
        links.push({ session, inputs: segment.inputs, outputs: segment.outputs, spent: spent[i]! })
        for (const value of session.outputMetadata) {
          if (!value.isTensor) continue
          known.set(value.name, describe(value))
          const room = opening.device || outputs.has(value.name) ? null : roomFor(ort, value)
          if (room) rooms[value.name] = room
        }
      }
    } catch (error) {
      for (const { session } of links) await session.release()
      throw error
    }
    return new Chain(links, outputs, rooms)
  }

  async run(feeds: Tensors, fetches: Tensors | readonly string[] = {}): Promise<Tensors> {
    const targets: Tensors = isList(fetches) ? {} : fetches
    const values: Tensors = { ...feeds }
    for (const { session, inputs, outputs, spent } of this.#links) {
      const given = inputs.map((name) => [name, values[name]!] as const)
      const into = outputs.map((name) => [name, targets[name] ?? this.#rooms[name] ?? null] as const)
      Object.assign(values, await session.run(Object.fromEntries(given), Object.fromEntries(into)))
      for (const name of spent) {
        if (!this.#rooms[name]) values[name]!.dispose()
        delete values[name]
      }
    }
    const wanted = isList(fetches) ? fetches : [...this.#outputs]
    return Object.fromEntries(wanted.map((name) => [name, values[name]!]))
  }

  async release(): Promise<void> {
    for (const { session } of this.#links) await session.release()
  }
}

const isList = (fetches: Tensors | readonly string[]): fetches is readonly string[] => Array.isArray(fetches)

/** For each segment the values handed on that it is the last to read. */
function spentValues(segments: readonly Segment[], outputs: ReadonlySet<string>): string[][] {
  const last = new Map<string, number>()
  for (const [i, segment] of segments.entries()) {
    for (const name of segment.outputs) if (!outputs.has(name)) last.set(name, i)
    for (const name of segment.inputs) if (last.has(name)) last.set(name, i)
  }
  const spent: string[][] = segments.map(() => [])
  for (const [name, i] of last) spent[i]!.push(name)
  return spent
}

/** @param known what is given to the segment from outside, by name */
function modelOfSegment(
  model: ModelProto,
  segment: Segment,
  known: ReadonlyMap<string, ValueInfoProto>,
): ModelProto {
  return {
    ...model,
    graph: {
      name: model.graph.name,
      node: [...segment.nodes],
      initializer: [...segment.initializers],
      input: segment.inputs.map((name) => known.get(name)!),
      // the runtime finds types and shapes by itself
      output: segment.outputs.map((name) => ({ name })),
    },
  }
}

/** Numbers of the element types that values have, and what holds them. */
const ELEMENTS = {
  float32: [1, Float32Array],
  int64: [7, BigInt64Array],
} as const

type Found = Extract<OrtSession['outputMetadata'][number], { isTensor: true }>

function elementOf({ name, type }: Found) {
  if (!(type in ELEMENTS)) throw new Error(`Value ${name} is of type ${type}, which is not handed on.`)
  return ELEMENTS[type as keyof typeof ELEMENTS]
}

/** Sizes are empty for scalars, and where the runtime does not know them. */
const isKnown = ({ shape }: Found): boolean => shape.length > 0 && shape.every((n) => typeof n === 'number')

function describe(value: Found): ValueInfoProto {
  const [elemType] = elementOf(value)
  if (!isKnown(value)) return { name: value.name, type: { tensorType: { elemType } } }
  const dim = value.shape.map((n) => ({ dimValue: n as number }))
  return { name: value.name, type: { tensorType: { elemType, shape: { dim } } } }
}

/** Memory for a value, or null where its size is only known when it is made. */
function roomFor(ort: Ort, value: Found): OrtTensor | null {
  if (!isKnown(value)) return null
  const [, Values] = elementOf(value)
  const shape = value.shape as readonly number[]
  return new ort.Tensor(value.type, new Values(sizeOf(shape)) as Float32Array, shape) as OrtTensor
}
