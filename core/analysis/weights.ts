import { resolveLayer } from '../layers/index.ts'
import { graphOf } from '../network/graph.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { analyze } from './analyze.ts'

/** A weight tensor of a network. */
export interface Weight {
  /** `<layer name>.<weight name>`, as in every weight file. */
  readonly name: string
  /** The layer's name. */
  readonly layer: string
  readonly shape: readonly number[]
}

/** The weight tensors of a network, in the order its layers run; those of layers that can't be computed are left out. */
export function weightsOf(document: NetworkDocument): Weight[] {
  const { layers: graph } = graphOf(document)
  const { order, layers } = analyze(document)
  return order.flatMap((id) => {
    const layer = graph.get(id)!
    const { kind, params } = resolveLayer(layer)
    const { inputs, outputShape } = layers.get(id)!
    if (!kind?.weights || !outputShape) return []
    // a layer with an output has inputs with one
    const shapes = inputs.map((from) => layers.get(from)!.outputShape!)
    return kind.weights(params, shapes).map(({ name, shape }) => ({
      ...{ name: `${layer.name}.${name}`, layer: layer.name, shape },
    }))
  })
}

interface Shaped {
  readonly name: string
  readonly shape: readonly number[]
}

/** Which weights of a network begin as another's, by full names. */
export interface SharedWeights {
  /** Of the same name and shape there. */
  readonly copied: readonly string[]
  /** Not there, or not asked for. */
  readonly fresh: readonly string[]
  /** There, with another shape. */
  readonly misfits: readonly { readonly name: string; readonly there: number[]; readonly here: number[] }[]
}

/**
 * Compares a network's weights with another's.
 * @param layers names of the layers that are asked for; all where absent
 */
export function shareWeights(
  here: readonly Shaped[],
  there: readonly Shaped[],
  layers?: readonly string[],
): SharedWeights {
  const others = new Map(there.map((other) => [other.name, other.shape]))
  const copied: string[] = []
  const fresh: string[] = []
  const misfits: SharedWeights['misfits'][number][] = []
  for (const { name, shape } of here) {
    const wanted = !layers || layers.includes(layerOfWeight(name))
    const other = wanted ? others.get(name) : undefined
    if (!other) fresh.push(name)
    else if (other.join() === shape.join()) copied.push(name)
    else misfits.push({ name, there: [...other], here: [...shape] })
  }
  return { copied, fresh, misfits }
}

/** The layer's part of a weight's name, which may hold dots itself. */
export const layerOfWeight = (weight: string): string => weight.slice(0, weight.lastIndexOf('.'))
