import { analyze } from '../analysis/index.ts'
import { type AnyKind, type AnyParams, resolveLayer } from '../layers/index.ts'
import type { Head, Shape, WeightSpec } from '../layers/kind.ts'
import { graphOf } from '../network/graph.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { text } from '../network/text.ts'
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
  /** Leads to auxiliary outputs alone, so that nothing but training needs it. */
  readonly auxiliary: boolean
}

/** An output beside the network's own that training takes a loss of. */
export interface AuxiliaryOutput {
  /** Id of its last layer. */
  readonly layer: string
  /** What its loss counts for. */
  readonly weight: number
  readonly head: Head
}

export interface Network {
  readonly name: string
  /** Every layer after those that feed it. */
  readonly layers: readonly NetworkLayer[]
  readonly inputShape: Shape
  readonly classes: number
  readonly head: Head
  /** Id of the layer that the network ends in. */
  readonly output: string
  readonly auxiliaries: readonly AuxiliaryOutput[]
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
    const { en, ko } = wrong.message
    throw new EngineError('invalid-network', name ? text(`${name}: ${en}`, `${name}: ${ko}`) : wrong.message)
  }
  const { input, output } = analysis
  if (!input || !output) {
    throw new EngineError(
      'invalid-network',
      text('The network has no layers.', '네트워크에 레이어가 없습니다.'),
    )
  }
  const ends = endsOf(document)
  const last = ends.main
  const needed = behind(document, last.id)
  const layers = analysis.order.map((id) => readLayer(document, id, !needed.has(id)))
  if (output.length !== 1) {
    throw new EngineError(
      'wrong-output',
      text(
        `${last.name}: a network that is trained or run ends in one number a class, a vector; its output is [${output.join(', ')}].`,
        `${last.name}: 학습하거나 실행할 네트워크는 클래스마다 값이 하나인 벡터로 끝나야 하는데, 출력이 [${output.join(', ')}]입니다.`,
      ),
    )
  }
  return {
    name: document.name,
    layers,
    inputShape: input,
    classes: output[0]!,
    head: headOf(last),
    output: last.id,
    auxiliaries: ends.auxiliaries,
  }
}

const headOf = ({ kind }: Resolved): Head => kind.head ?? 'logits'

interface Resolved {
  readonly id: string
  readonly name: string
  readonly kind: AnyKind
  readonly params: AnyParams
}

function resolve(document: NetworkDocument, id: string): Resolved {
  const layer = graphOf(document).layers.get(id)!
  const { kind, params } = resolveLayer(layer)
  if (!kind) throw new EngineError('invalid-network', `${layer.name}: its kind is not known.`)
  return { id, name: layer.name, kind, params }
}

/** The layers of a sound network that nothing follows: the one it ends in, and its auxiliary outputs. */
function endsOf(document: NetworkDocument) {
  const graph = graphOf(document)
  const ends = analyze(document)
    .order.filter((id) => graph.outgoing.get(id)!.length === 0)
    .map((id) => resolve(document, id))
  const main = ends.find(({ kind }) => !kind.auxiliary)!
  const auxiliaries = ends.flatMap(({ id, kind, params }): AuxiliaryOutput[] => {
    if (!kind.auxiliary) return []
    // it hands on what it is given
    const [from] = analyze(document).layers.get(id)!.inputs
    return [{ layer: id, weight: kind.auxiliary(params), head: headOf(resolve(document, from!)) }]
  })
  return { main, auxiliaries }
}

/** Ids of a layer and of everything that leads to it. */
function behind(document: NetworkDocument, id: string): ReadonlySet<string> {
  const { layers } = analyze(document)
  const found = new Set([id])
  // a set that grows is walked to its end
  for (const one of found) for (const from of layers.get(one)!.inputs) found.add(from)
  return found
}

function readLayer(document: NetworkDocument, id: string, auxiliary: boolean): NetworkLayer {
  const { layers } = analyze(document)
  const { inputs } = layers.get(id)!
  const { name, kind, params } = resolve(document, id)
  const shapes = inputs.map((from) => layers.get(from)!.outputShape!)
  return { id, name, kind, params, inputs, weights: kind.weights?.(params, shapes) ?? [], auxiliary }
}
