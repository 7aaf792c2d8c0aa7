import type { NamedArray } from '../../../formats/safetensors.ts'
import { type KindName, registry, resolveParams } from '../../../layers/index.ts'
import type { AnyKind } from '../../../layers/registry.ts'
import { type FoundLayer, naming } from '../assemble.ts'
import { Unsupported } from './model.ts'

/** The output of one of our layers. */
export interface Output {
  readonly layer: string
  readonly kind: string
  /** Of a sample, as our layer has it. */
  readonly shape: readonly number[]
}

/**
 * A value of the Keras model: one of ours with its axes in another order. Keras' axis j is our axis `axes[j]`; images
 * as we have them are [1, 2, 0], channels last.
 */
export interface Value {
  readonly output: Output
  readonly axes: readonly number[]
}

export const shapeOf = ({ output, axes }: Value): number[] => axes.map((axis) => output.shape[axis]!)

export const channelsLast = (rank: number): number[] => [
  ...Array.from({ length: rank - 1 }, (_, i) => i + 1),
  0,
]

export interface NewLayer {
  readonly params?: Readonly<Record<string, unknown>>
  /** In our own order of axes; left out where the file holds the structure alone. */
  readonly weights?: Readonly<Record<string, Float32Array>> | null
  readonly called: string
}

/** Our network under construction. */
export class Network {
  readonly layers: FoundLayer[] = []
  readonly weights: NamedArray[] = []
  readonly #name = naming()

  /** @throws Unsupported when the kind does not take such parameters, inputs or weights */
  add(kind: KindName, { params = {}, weights = null, called }: NewLayer, inputs: readonly Output[]): Output {
    const definition = registry[kind] as unknown as AnyKind
    const shapes = inputs.map(({ shape }) => shape)
    const resolved = resolveParams(definition, params)
    const ranks = definition.inputs[0]?.ranks
    if (ranks && !shapes.every((shape) => ranks.includes(shape.length))) {
      throw new Unsupported(
        `it reads values of shape [${shapes.map((shape) => shape.join(', ')).join('] and [')}]`,
      )
    }
    const issues = [...resolved.issues, ...(definition.check?.(resolved.params, shapes) ?? [])]
    const wrong = issues.find(({ severity }) => severity === 'error')
    if (wrong) throw new Unsupported(wrong.message.en)
    const shape = definition.inferShape(resolved.params, shapes)
    const name = this.#name(called, kind)
    for (const spec of weights ? (definition.weights?.(resolved.params, shapes) ?? []) : []) {
      const data = weights![spec.name]
      const size = spec.shape.reduce((product, side) => product * side, 1)
      if (data?.length !== size) {
        throw new Unsupported(`its ${spec.name} has ${data?.length ?? 0} values where ${size} are needed`)
      }
      this.weights.push({ name: `${name}.${spec.name}`, shape: spec.shape, data })
    }
    this.layers.push({ name, kind, params, from: inputs.map(({ layer }) => layer) })
    return { layer: name, kind, shape }
  }

  /** Our value with Keras' axes in the order `wanted` (what Keras' axis j is called in ours), by a permute if need be. */
  arranged(value: Value, wanted: readonly number[], called: string): Output {
    const { output, axes } = value
    // axis `wanted[j]` of the result is axis `axes[j]` of what there is
    const order = new Array<number>(axes.length).fill(0)
    for (const [j, to] of wanted.entries()) order[to] = axes[j]!
    if (order.every((axis, i) => axis === i)) return output
    const real = order.filter((axis) => output.shape[axis] !== 1)
    if (real.every((axis, i) => i === 0 || real[i - 1]! < axis)) {
      const shape = order.map((axis) => output.shape[axis]!)
      return this.add('reshape', { params: { shape }, called: `${called}-order` }, [output])
    }
    return this.add(
      'permute',
      { params: { order: order.map((axis) => axis + 1) }, called: `${called}-order` },
      [output],
    )
  }

  /** Channels first, as our layers take images, sequences and volumes. */
  images(value: Value, called: string): Output {
    return this.arranged(value, channelsLast(value.axes.length), called)
  }

  /** With rows in memory as Keras has them, for what reads values in their order whatever the shape. */
  asWritten(value: Value, called: string): Output {
    // axes of size 1 may stand anywhere without moving a value
    const real = value.axes.filter((axis) => value.output.shape[axis] !== 1)
    if (real.every((axis, i) => i === 0 || real[i - 1]! < axis)) return value.output
    return this.arranged(
      value,
      value.axes.map((_, i) => i),
      called,
    )
  }
}

/** A value whose channels come first in ours and last in Keras. */
export const image = (output: Output): Value => ({ output, axes: channelsLast(output.shape.length) })
