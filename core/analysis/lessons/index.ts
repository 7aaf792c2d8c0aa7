import type { Issue } from '../../network/issue.ts'
import { idleAuxiliary } from './auxiliary.ts'
import { batchOf, batchOfOne } from './batch.ts'
import { bigFilter } from './big-filter.ts'
import { bottleneckSaves } from './bottleneck.ts'
import { depth } from './depth.ts'
import { headHoldsMost } from './head.ts'
import type { Net } from './net.ts'

const lessons: readonly ((net: Net) => readonly Issue[])[] = [
  headHoldsMost,
  bottleneckSaves,
  bigFilter,
  depth,
  idleAuxiliary,
  (net) => batchOfOne(net, batchOf(net.document)),
]

/**
 * What the history of convolutional networks has to say of a network that is whole: each lesson with its saving
 * computed on this network, where it was learned, and a remedy where there is one. Empty for a network without one
 * output.
 */
export const lessonsOf = (net: Net): readonly Issue[] =>
  net.end === null ? [] : lessons.flatMap((lesson) => lesson(net))
