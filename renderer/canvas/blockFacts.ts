import type { Analysis } from '../../core/analysis/report.ts'
import { blockEnds, repeatsOf } from '../../core/commands/index.ts'
import { anatomyOf } from '../../core/drawing/size.ts'
import type { Shape } from '../../core/layers/kind.ts'
import { blocksOf, membersOf } from '../../core/network/blocks.ts'
import type { Issue } from '../../core/network/issue.ts'
import type { Group, NetworkDocument } from '../../core/network/schema.ts'

/** What is told of a block that is drawn as one. */
export interface BlockFacts {
  readonly group: Group
  readonly layers: number
  /** Blocks directly in it. */
  readonly blocks: number
  /** Equal blocks in a row in it; 1 where there are none. */
  readonly repeats: number
  readonly trainable: number
  /** What flows into it and out of it; null where that is not known or more than one. */
  readonly inputShape: Shape | null
  readonly outputShape: Shape | null
  /** Of all layers in it, without those that only inform. */
  readonly issues: readonly Issue[]
  /** Categories of the first layers in it, in order, for its picture. */
  readonly strip: readonly { readonly id: string; readonly category: string }[]
}

/** Bars that a closed block has room for. */
const BARS = 30

/** Gathers what is told of a block. `issues` are those of the network by layer. */
export function blockFacts(
  document: NetworkDocument,
  analysis: Analysis,
  issues: ReadonlyMap<string | undefined, readonly Issue[]>,
  group: Group,
): BlockFacts {
  const { layers, blocksIn } = blocksOf(document)
  const members = [...membersOf(document, group.id)]
  const { incoming, exits } = blockEnds(document, group.id)
  const shapeOf = (id: string | undefined) =>
    id === undefined ? null : (analysis.layers.get(id)?.outputShape ?? null)
  const sources = new Set(incoming.map((wire) => wire.from.layer))
  return {
    group,
    layers: members.length,
    blocks: blocksIn.get(group.id)?.length ?? 0,
    repeats: repeatsOf(document).get(group.id) ?? 1,
    trainable: members.reduce((sum, id) => sum + (analysis.layers.get(id)?.trainable ?? 0), 0),
    inputShape: sources.size === 1 ? shapeOf([...sources][0]) : null,
    outputShape: exits.length === 1 ? shapeOf(exits[0]) : null,
    issues: members.flatMap((id) => (issues.get(id) ?? []).filter((issue) => issue.severity !== 'info')),
    strip: members.slice(0, BARS).map((id) => ({ id, category: anatomyOf(layers.get(id)!).category })),
  }
}

const stripText = ({ strip }: BlockFacts): string =>
  strip.map(({ id, category }) => `${id} ${category}`).join()

export const sameFacts = (a: BlockFacts, b: BlockFacts): boolean =>
  a.group.name === b.group.name &&
  a.group.bypassed === b.group.bypassed &&
  a.layers === b.layers &&
  a.blocks === b.blocks &&
  a.repeats === b.repeats &&
  a.trainable === b.trainable &&
  a.inputShape?.join() === b.inputShape?.join() &&
  a.outputShape?.join() === b.outputShape?.join() &&
  stripText(a) === stripText(b) &&
  a.issues.length === b.issues.length &&
  a.issues.every((issue, i) => issue.message.en === b.issues[i]!.message.en)
