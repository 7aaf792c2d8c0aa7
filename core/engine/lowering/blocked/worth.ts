import { type ConvAttributes, conv } from '../../ops/conv.ts'
import { maxPool } from '../../ops/max-pool.ts'
import { type Operation, sizeOf } from '../../ops/primitive.ts'
import { relu } from '../../ops/relu.ts'
import type { Program } from '../../program.ts'
import { roundUp } from './forms.ts'

/** Values in memory for one that is a map's own, from which on blocks don't pay. */
const MOST_WASTE = 2

/**
 * Whether blocks are worth it for a program: it has convolutions for them, and their maps mostly fill blocks. Few
 * channels that are pooled do with half a block, see paired.ts.
 */
export function isWorthIt(program: Program, block: number): boolean {
  const readers = new Map<number, Operation[]>()
  for (const op of program.operations) {
    for (const { id } of op.inputs) readers.set(id, [...(readers.get(id) ?? []), op])
  }
  const isRead = ({ output }: Operation, name: string) =>
    readers.get(output.id)?.find(({ primitive }) => primitive.name === name)
  let [own, all] = [0, 0]
  for (const op of program.operations) {
    if (op.primitive.name !== conv.name || op.output.shape.length !== 4) continue
    if ((op.attributes as ConvAttributes).groups !== 1) continue
    const size = sizeOf(op.output.shape)
    const channels = op.output.shape[1]!
    const pooled = isRead(isRead(op, relu.name) ?? op, maxPool.name)
    const width = channels <= block / 2 && pooled ? block / 2 : block
    own += size
    all += (size / channels) * roundUp(channels, width)
  }
  return own > 0 && all <= MOST_WASTE * own
}
