import { analyze } from '../../analysis/index.ts'
import { resolveLayer } from '../../layers/index.ts'
import type { Head, Shape } from '../../layers/kind.ts'
import { graphOf } from '../../network/graph.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import { toTorch } from './kinds/index.ts'
import type { TorchLayer } from './module.ts'

/** Stands for what the network is given; no layer's id. */
export const INPUT = '\u0000input'

/** A layer that is written: inputs and softmax at the end are not. */
export interface TorchNode {
  readonly id: string
  readonly name: string
  readonly kind: string
  /** Ids of the layers that feed it, or INPUT. */
  readonly inputs: readonly string[]
  readonly torch: TorchLayer
  /** Names of its weights, as the layer has them. */
  readonly weights: readonly string[]
  /** Needed by auxiliary outputs alone. */
  readonly auxiliary: boolean
  /** Its block and the blocks around that, from the outside. */
  readonly groups: readonly string[]
}

/** Something that is computed and handed out: the network's own output or an auxiliary one. */
export interface TorchOutput {
  readonly name: string
  /** Id of the layer it comes from, or INPUT. */
  readonly from: string
  /** What is handed out as logits has its sign turned where the layer gives distances. */
  readonly head: Head
  /** What its loss counts for. */
  readonly weight: number
}

export interface TorchGraph {
  readonly name: string
  readonly input: Shape
  readonly classes: number
  /** Every node after those that feed it. */
  readonly nodes: readonly TorchNode[]
  readonly output: TorchOutput
  readonly auxiliaries: readonly TorchOutput[]
  /** Names of the document's blocks, by id. */
  readonly groups: ReadonlyMap<string, string>
}

/**
 * A sound network (the caller has made sure) as PyTorch computes it. Networks hand out logits, so a softmax at an end
 * is left out, as `nn.CrossEntropyLoss` wants it.
 */
export function readGraph(document: NetworkDocument): TorchGraph {
  const analysis = analyze(document)
  const { layers, outgoing } = graphOf(document)
  const alias = new Map<string, string>()
  const real = (id: string): string => (alias.has(id) ? real(alias.get(id)!) : id)
  const isEnd = (id: string) =>
    outgoing.get(id)!.every((wire) => layers.get(wire.to.layer)!.kind === 'auxiliary')
  const outputs: TorchOutput[] = []
  const nodes: TorchNode[] = []
  for (const id of analysis.order) {
    const layer = layers.get(id)!
    const { kind, params } = resolveLayer(layer)
    const inputs = analysis.layers.get(id)!.inputs
    const head = (of: string): Head => resolveLayer(layers.get(of)!).kind?.head ?? 'logits'
    if (layer.kind === 'input') alias.set(id, INPUT)
    else if (layer.kind === 'auxiliary') {
      const weight = kind?.auxiliary?.(params) ?? 1
      outputs.push({ name: layer.name, from: real(inputs[0]!), head: head(inputs[0]!), weight })
    } else if (layer.kind === 'softmax' && isEnd(id)) alias.set(id, inputs[0]!)
    else {
      const shapes = inputs.map((from) => analysis.layers.get(from)!.outputShape!)
      nodes.push({
        id,
        name: layer.name,
        kind: layer.kind,
        inputs: inputs.map(real),
        torch: toTorch(layer.kind, params, shapes),
        weights: (kind?.weights?.(params, shapes) ?? []).map((weight) => weight.name),
        auxiliary: false,
        groups: groupsOf(document, layer.group),
      })
    }
    if (layer.kind !== 'auxiliary' && outgoing.get(id)!.length === 0) {
      outputs.unshift({ name: layer.name, from: real(id), head: kind?.head ?? 'logits', weight: 1 })
    }
  }
  const [output, ...sides] = outputs
  const places = new Map(document.layers.map(({ name }, i) => [name, i]))
  const auxiliaries = sides.sort((a, b) => places.get(a.name)! - places.get(b.name)!)
  const needed = behind(nodes, output!.from)
  return {
    name: document.name,
    input: analysis.input!,
    classes: analysis.output![0]!,
    nodes: nodes.map((node) => ({ ...node, auxiliary: !needed.has(node.id) })),
    output: output!,
    auxiliaries,
    groups: new Map(document.groups.map(({ id, name }) => [id, name])),
  }
}

function groupsOf({ groups }: NetworkDocument, inner: string | undefined): string[] {
  const path: string[] = []
  let id = inner
  while (id !== undefined && !path.includes(id)) {
    const group = groups.find((candidate) => candidate.id === id)
    if (!group) break
    path.unshift(id)
    id = group.parent
  }
  return path
}

/** Ids of a node and of everything that leads to it. */
function behind(nodes: readonly TorchNode[], end: string): ReadonlySet<string> {
  const inputs = new Map(nodes.map((node) => [node.id, node.inputs]))
  const found = new Set([end])
  // a set that grows is walked to its end
  for (const id of found) for (const from of inputs.get(id) ?? []) found.add(from)
  return found
}
