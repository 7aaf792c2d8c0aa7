import type { Response } from '../../../core/protocol/contract.ts'

export type ReviewResult = Response<'run.review'>

/** How well one class is told from the others. Null where nothing can be said: no sample of it, or never predicted. */
export interface ClassFigures {
  readonly label: number
  /** Of the samples that were said to be of this class, the share that is. */
  readonly precision: number | null
  /** Of the samples of this class, the share that was found. */
  readonly recall: number | null
  /** Samples of this class. */
  readonly support: number
}

export function classFigures(confusion: readonly (readonly number[])[]): ClassFigures[] {
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole)
  return confusion.map((row, label) => {
    const support = row.reduce((sum, value) => sum + value, 0)
    const predicted = confusion.reduce((sum, other) => sum + other[label]!, 0)
    const hits = row[label]!
    return { label, precision: share(hits, predicted), recall: share(hits, support), support }
  })
}

export interface Cell {
  readonly label: number
  readonly predicted: number
  readonly count: number
}

/** Classes that are taken for another, most often first. */
export function confusedPairs(confusion: readonly (readonly number[])[], most: number): Cell[] {
  return confusion
    .flatMap((row, label) => row.map((count, predicted) => ({ label, predicted, count })))
    .filter(({ label, predicted, count }) => label !== predicted && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, most)
}

/** The samples behind a cell, or the worst mistakes of all: those that the network was surest of. */
export function samplesOf({ samples }: ReviewResult, cell: Omit<Cell, 'count'> | null, most = 48) {
  const numbered = samples.map((sample, at) => ({ ...sample, at }))
  const wanted = cell
    ? numbered.filter(({ label, predicted }) => label === cell.label && predicted === cell.predicted)
    : numbered.filter(({ label, predicted }) => label !== predicted)
  return wanted.sort((a, b) => b.probability - a.probability).slice(0, most)
}
