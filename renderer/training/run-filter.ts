import type { RunSummary } from '../../core/protocol/contract.ts'
import { trains } from './runs.ts'

export const runOrders = ['newest', 'best', 'name'] as const
export type RunOrder = (typeof runOrders)[number]

export const runKinds = ['all', 'training', 'done', 'failed', 'hidden'] as const
export type RunKind = (typeof runKinds)[number]

/** Which runs a list shows, and in which order. */
export interface RunFilter {
  /** All of them must be in the name, the notes or the data; in any order and case. */
  readonly words: string
  readonly kind: RunKind
  readonly order: RunOrder
}

export const everyRun: RunFilter = { words: '', kind: 'all', order: 'newest' }

const kinds: Readonly<Record<RunKind, (run: RunSummary) => boolean>> = {
  all: () => true,
  training: trains,
  done: ({ state }) => state === 'completed' || state === 'stopped',
  failed: ({ state }) => state === 'failed' || state === 'interrupted',
  hidden: () => true,
}

const says = (run: RunSummary, words: string): boolean => {
  const said = `${run.name}\n${run.notes ?? ''}\n${run.data}`.normalize().toLowerCase()
  return words
    .normalize()
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word))
}

/**
 * The runs of a list that a filter lets through, in its order. Hidden ones only where they are asked for. `list` is
 * newest first, and so are runs that the order holds for equal; those without an accuracy come last.
 */
export function filterRuns(
  list: readonly RunSummary[],
  { words, kind, order }: RunFilter,
  language: string,
): readonly RunSummary[] {
  const found = list.filter(
    (run) => (run.hidden === true) === (kind === 'hidden') && kinds[kind](run) && says(run, words),
  )
  if (order === 'best') return found.sort((a, b) => (b.valAccuracy ?? -1) - (a.valAccuracy ?? -1))
  if (order === 'name') {
    const { compare } = new Intl.Collator(language, { numeric: true })
    return found.sort((a, b) => compare(a.name, b.name))
  }
  return found
}
