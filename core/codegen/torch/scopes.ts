import { INPUT, type TorchGraph, type TorchNode } from './graph.ts'
import type { TorchModule } from './module.ts'

/** What stands in a scope: a layer, a block, or the chain of layers that a shortcut takes. */
export type Item = LayerItem | BlockItem | ShortcutItem

interface ItemBase {
  /** Id of the layer whose output this item's is. */
  readonly id: string
  /** As the document calls it. */
  readonly label: string
  /** Ids of the layers that feed it, from inside the scope or from outside. */
  readonly inputs: readonly string[]
  readonly auxiliary: boolean
}
export interface LayerItem extends ItemBase {
  readonly type: 'layer'
  readonly node: TorchNode
}
export interface BlockItem extends ItemBase {
  readonly type: 'block'
  readonly scope: Scope
}
/** Of one input, which an addition takes beside the branch it belongs to; without nodes the input itself. */
export interface ShortcutItem extends ItemBase {
  readonly type: 'shortcut'
  readonly nodes: readonly TorchNode[]
}

/** Layers that become one module: the whole network, or a block of the document with one input and one output. */
export interface Scope {
  /** Name of the block; null for the network. */
  readonly name: string | null
  readonly items: readonly Item[]
  /** Id of the one layer outside that feeds it. */
  readonly input: string
  /** Id of the layer that others read; null for the network. */
  readonly output: string | null
}

/** The scopes of a network, one in the other, as its blocks say. A block of several inputs or outputs is taken apart. */
export function scopesOf(graph: TorchGraph): Scope {
  const readers = readersOf(graph)
  const items = itemsOf(graph, graph.nodes, 0, readers)
  return { name: null, items: withShortcuts(items, readers), input: INPUT, output: null }
}

type Readers = ReadonlyMap<string, readonly string[]>
/** Stands for the world outside as a reader. */
const OUTSIDE = 'outside'

function readersOf({ nodes, output, auxiliaries }: TorchGraph): Readers {
  const readers = new Map<string, string[]>([[INPUT, []]])
  for (const { id } of nodes) readers.set(id, [])
  for (const { id, inputs } of nodes) for (const from of inputs) readers.get(from)!.push(id)
  for (const { from } of [output, ...auxiliaries]) readers.get(from)!.push(OUTSIDE)
  return readers
}

/** Items of nodes that share their blocks down to `depth`, each behind those that feed it. */
function itemsOf(graph: TorchGraph, nodes: readonly TorchNode[], depth: number, readers: Readers): Item[] {
  const items: Item[] = []
  const done = new Set<string>()
  for (const node of nodes) {
    const group = node.groups[depth]
    if (group === undefined) {
      items.push(layerItem(node))
      continue
    }
    if (done.has(group)) continue
    done.add(group)
    const inside = nodes.filter((other) => other.groups[depth] === group)
    const block = blockOf(graph, inside, depth, readers)
    items.push(...(block ? [block] : itemsOf(graph, inside, depth + 1, readers)))
  }
  return sorted(items)
}

const layerItem = (node: TorchNode): LayerItem => ({
  type: 'layer',
  id: node.id,
  label: node.name,
  inputs: node.inputs,
  auxiliary: node.auxiliary,
  node,
})

/** Null for a block that is no function of one value: several inputs or outputs, or a way that leaves and comes back. */
function blockOf(
  graph: TorchGraph,
  inside: readonly TorchNode[],
  depth: number,
  readers: Readers,
): BlockItem | null {
  const own = new Set(inside.map(({ id }) => id))
  const inputs = new Set(inside.flatMap((node) => node.inputs.filter((from) => !own.has(from))))
  const outputs = inside.filter(({ id }) => readers.get(id)!.some((reader) => !own.has(reader)))
  const [input] = inputs
  const [output] = outputs
  if (inside.length < 2 || inputs.size !== 1 || outputs.length !== 1) return null
  if (leadsTo(output!.id, input!, readers)) return null
  const name = graph.groups.get(inside[0]!.groups[depth]!)!
  const items = withShortcuts(itemsOf(graph, inside, depth + 1, readers), readers)
  return {
    type: 'block',
    id: output!.id,
    label: name,
    inputs: [input!],
    auxiliary: inside.every((node) => node.auxiliary),
    scope: { name, items, input: input!, output: output!.id },
  }
}

function leadsTo(from: string, to: string, readers: Readers): boolean {
  const found = new Set([from])
  for (const id of found) for (const reader of readers.get(id) ?? []) found.add(reader)
  return found.has(to)
}

/** Each item behind those of the list that feed it, otherwise in the order given. */
function sorted(items: readonly Item[]): Item[] {
  const made = new Set(items.map(({ id }) => id))
  const order: Item[] = []
  const placed = new Set<string>()
  let waiting = [...items]
  while (waiting.length > 0) {
    const ready = waiting.filter((item) => item.inputs.every((from) => !made.has(from) || placed.has(from)))
    const next = ready[0]!
    order.push(next)
    placed.add(next.id)
    waiting = waiting.filter((item) => item !== next)
  }
  return order
}

export const modulesOf = (node: TorchNode): readonly TorchModule[] | null =>
  'modules' in node.torch ? node.torch.modules : null

/**
 * The branch that an addition takes beside the one that learns, as an item of its own, so that units with and without
 * layers in it are units of one class.
 */
function withShortcuts(items: readonly Item[], readers: Readers): Item[] {
  const byId = new Map(items.map((item) => [item.id, item]))
  const result = new Map(items.map((item) => [item.id, [item] as Item[]]))
  for (const item of items) {
    if (item.type !== 'layer' || item.node.kind !== 'add' || item.inputs.length !== 2) continue
    const chains = item.inputs.map((from) => chainTo(from, byId, readers))
    if (chains.some((chain) => chain === null)) continue
    const [first, second] = chains as [Chain, Chain]
    if (first.from !== second.from || first.weight === second.weight) continue
    const [short, at] = first.weight < second.weight ? [first, 0] : [second, 1]
    const id = `${item.id} shortcut`
    for (const { id: gone } of short.nodes) result.set(gone, [])
    const inputs = item.inputs.map((from, i) => (i === at ? id : from))
    const shortcut: ShortcutItem = {
      type: 'shortcut',
      id,
      label: 'shortcut',
      inputs: [short.from],
      auxiliary: item.auxiliary,
      nodes: short.nodes,
    }
    result.set(item.id, [shortcut, { ...item, inputs }])
  }
  return items.flatMap((item) => result.get(item.id)!)
}

interface Chain {
  /** Where the branch leaves. */
  readonly from: string
  readonly nodes: readonly TorchNode[]
  /** Layers with weights in it; blocks count for more than any. */
  readonly weight: number
}

/** The layers one behind the other that lead to a value alone; null where they hold anything but plain layers. */
function chainTo(id: string, items: ReadonlyMap<string, Item>, readers: Readers): Chain | null {
  const nodes: TorchNode[] = []
  let at = id
  for (;;) {
    const item = items.get(at)
    if (!item || readers.get(at)!.length !== 1) break
    if (item.type !== 'layer' || !modulesOf(item.node)) return null
    nodes.unshift(item.node)
    at = item.inputs[0]!
  }
  return { from: at, nodes, weight: nodes.filter((node) => node.kind.includes('conv')).length }
}
