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
  const lacking = document.layers
    .filter((layer) => inside.has(layer.id))
    .flatMap((layer) => lackingInputs(document, layer.id, layer.kind))
  const fed = lacking.length > 0 ? [] : firstSource(incoming).map((wire) => ({ ...wire.to }))
  const feeding = new Set(document.wires.map((wire) => wire.from.layer))
  const exits = outgoing.length
    ? [...new Set(outgoing.map((wire) => wire.from.layer))]
    : [...inside].filter((id) => !feeding.has(id))
  return { incoming, outgoing, entries: [...lacking, ...fed], exits }
}

/** The wires from the source of the first. */
const firstSource = (wires: readonly Wire[]): readonly Wire[] =>
  wires.filter((wire) => wire.from.layer === wires[0]?.from.layer)

function lackingInputs(document: NetworkDocument, layer: string, kind: string): readonly End[] {
  return (kindOf(kind)?.inputs ?? []).flatMap((port) => {
    const count = document.wires.filter((w) => w.to.layer === layer && w.to.port === port.name).length
    return count < (port.variadic ? 2 : 1) ? [{ layer, port: port.name }] : []
  })
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
    const replaced = new Set(
      firstSource(incoming)
        .filter((wire) => entries.some((end) => end.layer === wire.to.layer && end.port === wire.to.port))
        .filter(() => !lacksInput(draft, group))
        .map((wire) => wire.id),
    )
    if (replaced.size > 0) draft.wires = draft.wires.filter((wire) => !replaced.has(wire.id))
    for (const entry of entries) addWire(draft, { layer: from, port: OUTPUT_PORT }, entry)
    return undefined
  },
}

const lacksInput = (document: NetworkDocument, group: string): boolean => {
  const inside = membersOf(document, group)
  return document.layers.some(
    (layer) => inside.has(layer.id) && lackingInputs(document, layer.id, layer.kind).length > 0,
  )
}
