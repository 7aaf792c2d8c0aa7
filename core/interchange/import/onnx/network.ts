import type { NamedArray } from '../../../formats/safetensors.ts'
import { type KindName, registry, resolveParams } from '../../../layers/index.ts'
import type { AnyKind } from '../../../layers/registry.ts'
import { type FoundLayer, naming } from '../assemble.ts'
import type { Constant } from './graph.ts'

/** A value that depends on the network's input: the output of a layer. */
export interface Value {
  readonly layer: string
  /** Of a sample, without the batch. */
  readonly shape: readonly number[]
}

/** Why a node can't become a layer, in a few words. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported'
}

export interface NewLayer {
  readonly params?: Readonly<Record<string, unknown>>
  /** By the kind's own names. */
  readonly weights?: Readonly<Record<string, Pick<Constant, 'values'>>>
  /** What it might be called: the name of a weight, or null. */
  readonly called?: string | null
}

/** The network under construction. */
export class Network {
  readonly layers: FoundLayer[] = []
  readonly weights: NamedArray[] = []
  readonly #name = naming()
  readonly #counts = new Map<string, number>()

  /**
   * Adds a layer that reads these values and gives its output.
   * @throws Unsupported when the kind does not take such parameters, inputs or weights
   */
  add(
    kind: KindName,
    { params = {}, weights = {}, called = null }: NewLayer,
    inputs: readonly Value[],
  ): Value {
    const definition: AnyKind = registry[kind] as unknown as AnyKind
    const shapes = inputs.map(({ shape }) => shape)
    const resolved = resolveParams(definition, params)
    const ranks = definition.inputs[0]?.ranks
    const fits = shapes.every((shape) => !ranks || ranks.includes(shape.length))
    const issues = fits ? [...resolved.issues, ...(definition.check?.(resolved.params, shapes) ?? [])] : []
    const wrong = issues.find(({ severity }) => severity === 'error')
    if (wrong) throw new Unsupported(wrong.message.en)
    if (!fits) throw new Unsupported(`it reads a value of shape [${shapes.join('] and [')}]`)
    const shape = definition.inferShape(resolved.params, shapes)
    const name = this.#name(called ?? this.#counted(kind), kind)
    for (const spec of definition.weights?.(resolved.params, shapes) ?? []) {
      const values = weights[spec.name]?.values
      const size = spec.shape.reduce((product, side) => product * side, 1)
      if (values?.length !== size) {
        throw new Unsupported(`its ${spec.name} has ${values?.length ?? 0} values where ${size} are needed`)
      }
      this.weights.push({ name: `${name}.${spec.name}`, shape: spec.shape, data: Float32Array.from(values) })
    }
    this.layers.push({ name, kind, params, from: inputs.map(({ layer }) => layer) })
    return { layer: name, shape }
  }

  #counted(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, count)
    return `${kind}${count}`
  }
}

/** Initializers that tools made up: `onnx::Conv_193`, `constant_7`, `42`. */
const MADE_UP = /^(onnx::.*|constant_\d+|Constant_\d+|\d+)$/

/** The layer's part of what a constant was called: `conv1` of `conv1.weight`; null when it was given no name. */
export function calledAfter(...constants: readonly (Constant | undefined)[]): string | null {
  const names = constants.flatMap((constant) => constant?.from ?? []).filter((name) => !MADE_UP.test(name))
  const [name] = names
  if (name === undefined) return null
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(0, dot) : name
}
