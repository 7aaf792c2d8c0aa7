import { type Blocks, blocksOf, membersOf } from '../network/blocks.ts'
import type { Layer, NetworkDocument, Wire } from '../network/schema.ts'

const counted = new WeakMap<NetworkDocument, ReadonlyMap<string, number>>()

/**
 * For every block that holds equal blocks one behind the other, how many there are in its longest such row. Blocks are
 * equal when they have the same layers with the same parameters, wired alike; names don't matter.
 */
export function repeatsOf(document: NetworkDocument): ReadonlyMap<string, number> {
  const known = counted.get(document)
  if (known) return known
  const repeats = new Map<string, number>()
  const blocks = blocksOf(document)
  const inside = wiresByTarget(document)
  for (const { id } of document.groups) {
    const rows = rowsIn(document, blocks, inside, id)
    if (rows > 1) repeats.set(id, rows)
  }
  counted.set(document, repeats)
  return repeats
}

function wiresByTarget(document: NetworkDocument): ReadonlyMap<string, readonly Wire[]> {
  const wires = new Map<string, Wire[]>()
  for (const wire of document.wires) {
    const list = wires.get(wire.to.layer)
    if (list) list.push(wire)
    else wires.set(wire.to.layer, [wire])
  }
  return wires
}

function rowsIn(
  document: NetworkDocument,
  blocks: Blocks,
  wires: ReadonlyMap<string, readonly Wire[]>,
  group: string,
): number {
  const children = blocks.blocksIn.get(group) ?? []
  let longest = 0
  let row = 0
  let before: { key: string; members: ReadonlySet<string> } | undefined
  for (const child of children) {
    const members = membersOf(document, child.id)
    const key = keyOf(members, blocks, wires)
    const fed = [...members].flatMap((id) => wires.get(id) ?? []).filter((w) => !members.has(w.from.layer))
    const follows =
      fed.length > 0 && before !== undefined && fed.every((w) => before!.members.has(w.from.layer))
    row = follows && before?.key === key ? row + 1 : 1
    longest = Math.max(longest, row)
    before = { key, members }
  }
  return longest
}

const written = new WeakMap<Layer, string>()
const paramsOf = (layer: Layer): string => {
  const known = written.get(layer)
  if (known !== undefined) return known
  const text = `${layer.kind} ${layer.bypassed ?? ''}${JSON.stringify(layer.params)}`
  written.set(layer, text)
  return text
}

/** The layers of a block in order, each with where in the block its inputs come from. */
function keyOf(
  members: ReadonlySet<string>,
  { layers }: Blocks,
  wires: ReadonlyMap<string, readonly Wire[]>,
): string {
  const at = new Map([...members].map((id, index) => [id, index]))
  return [...members]
    .map((id) => {
      const from = (wires.get(id) ?? []).map((wire) => `${at.get(wire.from.layer) ?? '-'}.${wire.to.port}`)
      return `${paramsOf(layers.get(id)!)} ${from.join(' ')}`
    })
    .join('\n')
}
