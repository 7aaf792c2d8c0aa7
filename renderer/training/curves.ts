import type { RunFeed, RunStatus } from './feed.ts'
import type { EpochColumn, StepColumn } from './metrics.ts'
import { pickRows, quantile, smooth } from './smoothing.ts'

/** `wall` is the time on a clock, `seconds` the part of it that was spent on training. */
export type XAxis = 'step' | 'epoch' | 'wall' | 'seconds'
export type Measure = 'loss' | 'accuracy'
export type Role = 'raw' | 'train' | 'validation'

/** One line of a chart: ascending x, and a y for each. */
export interface Curve {
  readonly runId: string
  readonly role: Role
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** Most points drawn a line; a screen has no more columns that tell. */
const MOST_POINTS = 1600

/** Smoothing looks back by parts of a run's full length, one step at least, so that it does the same to long runs. */
const PARTS = 1000

const smoothingUnit = ({ started }: RunStatus, reached: number): number =>
  Math.max(1, Math.max(started ? started.stepsPerEpoch * started.epochs : 0, reached) / PARTS)

/** The training curve of a run: as it came, and smoothed by `weight` (0 to below 1), the same while it runs and later. */
export function trainCurves(
  runId: string,
  feed: RunFeed,
  measure: Measure,
  axis: XAxis,
  weight: number,
): Curve[] {
  const table = feed.metrics.steps
  const raw = table.column(measure satisfies StepColumn)
  const x = table.column(axis satisfies StepColumn)
  const rows = pickRows(raw, MOST_POINTS)
  const at = (values: ArrayLike<number>) => rows.map((row) => values[row]!)
  const xs = at(x)
  const steps = table.column('step')
  const unit = smoothingUnit(feed.status, steps.at(-1) ?? 0)
  const train: Curve = { runId, role: 'train', x: xs, y: at(smooth(raw, steps, weight, unit)) }
  return weight > 0 ? [{ runId, role: 'raw', x: xs, y: at(raw) }, train] : [train]
}

/** The validation curve of a run, one point an epoch; epochs without validation are left out. */
export function validationCurve(runId: string, feed: RunFeed, measure: Measure, axis: XAxis): Curve {
  const table = feed.metrics.epochs
  const y = table.column((measure === 'loss' ? 'valLoss' : 'valAccuracy') satisfies EpochColumn)
  const x = table.column(axis satisfies EpochColumn)
  const rows = [...y.keys()].filter((row) => Number.isFinite(y[row]))
  return { runId, role: 'validation', x: rows.map((row) => x[row]!), y: rows.map((row) => y[row]!) }
}

/**
 * How far the x axis reaches. A run that goes on gets a part of its full length that only ever doubles, so that its
 * first steps can be seen and the picture seldom jumps; a run that ended gets what it has.
 */
export function xLimit(curves: readonly Curve[], full: number | null): number {
  const reached = Math.max(0, ...curves.map((c) => c.x.at(-1) ?? 0))
  if (full === null || full <= 0) return reached || 1
  let limit = full
  while (limit / 2 >= reached * 1.05 && limit / 2 >= full / 64) limit /= 2
  return Math.max(limit, reached)
}

/**
 * Range of the y axis. Loss starts at zero (a log axis at the power of ten below its least value) and leaves out the
 * spike of the first steps; accuracy ends at 1 and starts at the tenth below nearly all of it.
 */
export function yRange(curves: readonly Curve[], measure: Measure, log: boolean): [number, number] {
  const lines = curves.filter((c) => c.role !== 'raw')
  const values = lines.flatMap((c) => c.y).filter((y) => Number.isFinite(y) && (!log || y > 0))
  if (values.length === 0) return [log ? 0.01 : 0, 1]
  if (log) {
    const [least, most] = [Math.min(...values), Math.max(...values)]
    return [10 ** Math.floor(Math.log10(least)), measure === 'accuracy' ? 1 : most * 1.15]
  }
  if (measure === 'loss') {
    const settled = lines.flatMap((c) => c.y.slice(Math.floor(c.y.length / 50)))
    return [0, Math.max(quantile(settled, 1) || quantile(values, 1), 1e-6) * 1.08]
  }
  const low = Math.min(quantile(values, 0.08), ...lines.map((c) => c.y.at(-1) ?? 1))
  return [Math.max(0, Math.min(0.9, Math.floor(low * 10 - 0.2) / 10)), 1]
}

/** The curve's value at x: that of the last point not behind it; null before the first. */
export function valueAt(
  curve: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> },
  x: number,
): number | null {
  let [low, high] = [0, curve.x.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (curve.x[middle]! <= x) low = middle + 1
    else high = middle
  }
  return low === 0 ? null : curve.y[low - 1]!
}
