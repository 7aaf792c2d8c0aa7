import { kindOf } from '../layers/index.ts'
import { membersOf } from '../network/blocks.ts'
import { OUTPUT_PORT } from '../network/document.ts'
import type { NetworkDocument, Wire } from '../network/schema.ts'
import { text } from '../network/text.ts'
import type { Command } from './command.ts'
import { addWire, type End } from './ports.ts'

export interface BlockEnds {
  /** Wires that lead into the block, and out of it. */
  readonly incoming: readonly Wire[]
  readonly outgoing: readonly Wire[]
  /** Inputs inside that what feeds the block is led to: those that are fed so now, or that lack one. */
  readonly entries: readonly End[]
  /** Layers inside whose output the block gives: those that feed others now, or else those that feed none. */
  readonly exits: readonly string[]
}

/** How a block, drawn as one, is connected and can be connected. */
export function blockEnds(document: NetworkDocument, group: string): BlockEnds {
  const inside = membersOf(document, group)
  const incoming = document.wires.filter((w) => inside.has(w.to.layer) && !inside.has(w.from.layer))
  const outgoing = document.wires.filter((w) => inside.has(w.from.layer) && !inside.has(w.to.layer))
  const lacking = lackingInputs(document, inside)
  const fed = lacking.length > 0 ? [] : firstSource(incoming).map((wire) => ({ ...wire.to }))
  return { incoming, outgoing, entries: [...lacking, ...fed], exits: exitsOf(document, inside, outgoing) }
}

function exitsOf(
  document: NetworkDocument,
  inside: ReadonlySet<string>,
  outgoing: readonly Wire[],
): readonly string[] {
  if (outgoing.length > 0) return [...new Set(outgoing.map((wire) => wire.from.layer))]
  const feeding = new Set(document.wires.map((wire) => wire.from.layer))
  return [...inside].filter((id) => !feeding.has(id))
}

/** The wires from the source of the first. */
const firstSource = (wires: readonly Wire[]): readonly Wire[] =>
  wires.filter((wire) => wire.from.layer === wires[0]?.from.layer)

/** Inputs of layers inside that no wire leads to, or, of those that join several, fewer than two. */
function lackingInputs(document: NetworkDocument, inside: ReadonlySet<string>): readonly End[] {
  const counts = new Map<string, number>()
  for (const { to } of document.wires) {
    if (!inside.has(to.layer)) continue
    const key = `${to.layer} ${to.port}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return document.layers.flatMap((layer) =>
    inside.has(layer.id)
      ? (kindOf(layer.kind)?.inputs ?? [])
          .filter((port) => (counts.get(`${layer.id} ${port.name}`) ?? 0) < (port.variadic ? 2 : 1))
          .map((port) => ({ layer: layer.id, port: port.name }))
      : [],
  )
}

export interface ConnectBlock {
  /** The layer whose output is led into the block. */
  readonly from: string
  readonly group: string
}

/**
 * Leads an output to a block: to every input inside that lacks one, or else in the place of what fed the block first.
 * Wires that would close a loop have to be refused before.
 */
export const connectBlock: Command<ConnectBlock> = {
  id: 'connect-block',
  label: text('Connect to the block', '블록에 연결'),
  edit(draft, { from, group }) {
    if (!draft.layers.some((layer) => layer.id === from) || membersOf(draft, group).has(from))
      return undefined
    const { entries, incoming } = blockEnds(draft, group)
    const lacks = lackingInputs(draft, membersOf(draft, group)).length > 0
    const replaced = new Set(
      firstSource(incoming)
        .filter((wire) => entries.some((end) => end.layer === wire.to.layer && end.port === wire.to.port))
        .filter(() => !lacks)
        .map((wire) => wire.id),
    )
    if (replaced.size > 0) draft.wires = draft.wires.filter((wire) => !replaced.has(wire.id))
    for (const entry of entries) addWire(draft, { layer: from, port: OUTPUT_PORT }, entry)
    return undefined
  },
}
