import { analyze } from '../analysis/index.ts'
import { type AnyKind, type AnyParams, resolveLayer } from '../layers/index.ts'
import type { Head, Shape, WeightSpec } from '../layers/kind.ts'
import { graphOf } from '../network/graph.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { EngineError } from './error.ts'

/** A layer of a network that is known to be sound. */
export interface NetworkLayer {
  readonly id: string
  readonly name: string
  readonly kind: AnyKind
  readonly params: AnyParams
  /** Ids of the layers that feed it, in port order. */
  readonly inputs: readonly string[]
  readonly weights: readonly WeightSpec[]
}

export interface Network {
  readonly name: string
  /** Every layer after those that feed it; the input first, the output last. */
  readonly layers: readonly NetworkLayer[]
  readonly inputShape: Shape
  readonly classes: number
  readonly head: Head
}

/**
 * A document as the engine takes it.
 * @throws EngineError `invalid-network` with the first error the analysis found, `wrong-output` when the network does
 * not end in one number a class
 */
export function readNetwork(document: NetworkDocument): Network {
  const analysis = analyze(document)
  const wrong = analysis.issues.find((issue) => issue.severity === 'error')
  if (wrong) {
    const name = wrong.layer === undefined ? undefined : analysis.layers.get(wrong.layer)?.name
    throw new EngineError('invalid-network', name ? `${name}: ${wrong.message.en}` : wrong.message.en)
  }
  const { input, output } = analysis
  if (!input || !output) throw new EngineError('invalid-network', 'The network has no layers.')
  const layers = analysis.order.map((id) => readLayer(document, id))
  const last = layers.at(-1)!
  if (output.length !== 1) {
    throw new EngineError(
      'wrong-output',
      `${last.name}: a network that is trained or run ends in one number a class, a vector; its output is [${output.join(', ')}].`,
    )
  }
  return {
    name: document.name,
    layers,
    inputShape: input,
    classes: output[0]!,
    head: last.kind.head ?? 'logits',
  }
}

function readLayer(document: NetworkDocument, id: string): NetworkLayer {
  const { layers } = analyze(document)
  const { name, inputs } = layers.get(id)!
  const { kind, params } = resolveLayer(graphOf(document).layers.get(id)!)
  if (!kind) throw new EngineError('invalid-network', `${name}: its kind is not known.`)
  const shapes = inputs.map((from) => layers.get(from)!.outputShape!)
  return { id, name, kind, params, inputs, weights: kind.weights?.(params, shapes) ?? [] }
}
