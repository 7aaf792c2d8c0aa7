import { useMemo, useState } from 'react'
import { count, percent } from '../analysis/format.ts'
import { useText } from '../i18n/index.ts'
import { Segmented, Switch } from '../kit/Choice.tsx'
import { useStore } from '../state/store.ts'
import { Chart } from './Chart.tsx'
import {
  type Curve,
  type Measure,
  trainCurves,
  validationCurve,
  valueAt,
  type XAxis,
  xLimit,
  yRange,
} from './curves.ts'
import { feedOf, type RunFeed, useFeeds } from './feed.ts'
import type { Line, PlotData } from './plot.ts'
import { colourOf, shortDate } from './runs.ts'
import { type PictureFormat, saveChart } from './saveChart.ts'

interface Props {
  readonly runId: string
  readonly feed: RunFeed
  /** It still trains, so the x axis leaves room for what is to come. */
  readonly live: boolean
}

const axes: readonly XAxis[] = ['step', 'epoch', 'wall', 'seconds']

const runColour = (colour: number) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--run-${colour}`).trim()

/** Where the run is going to end on the x axis, if it is going on; a power of two of seconds, so that it seldom moves. */
function fullLength({ status, metrics }: RunFeed, axis: XAxis): number | null {
  if (!status.started) return null
  const { epochs, stepsPerEpoch } = status.started
  if (axis === 'epoch') return epochs
  if (axis === 'step') return epochs * stepsPerEpoch
  return 2 ** Math.ceil(Math.log2(Math.max(4, metrics.steps.last(axis) * 1.05 || 0)))
}

/** Loss and accuracy of a run, side by side with one crosshair, and of others beside it. */
export function Charts({ runId, feed, live }: Props) {
  const t = useText('training')
  const [axis, setAxis] = useState<XAxis>('step')
  const [smoothing, setSmoothing] = useState(0.85)
  const [log, setLog] = useState(false)
  // older runs do not tell when their figures came
  const shownAxes = axes.filter((value) => value !== 'wall' || feed.metrics.hasWallTime)
  const [point, onPoint] = useState<number | null>(null)
  return (
    <>
      <div className="chart-tools">
        <Segmented
          label={t('axis.label')}
          value={axis}
          options={shownAxes.map((value) => ({ value, label: t(`axis.${value}`) }))}
          onChange={(value) => setAxis(value)}
        />
        <label className="smoothing">
          <span>{t('smoothing')}</span>
          <input
            type="range"
            min="0"
            max="0.99"
            step="0.01"
            value={smoothing}
            onChange={(event) => setSmoothing(Number(event.target.value))}
          />
          <output>{smoothing.toFixed(2)}</output>
        </label>
        <div className="row">
          <Switch label={t('log')} checked={log} onChange={setLog} />
          <span aria-hidden="true">{t('log')}</span>
        </div>
      </div>
      <div className="charts">
        {(['loss', 'accuracy'] as const).map((measure) => (
          <MeasureChart
            key={measure}
            {...{ measure, runId, feed, live, axis, smoothing, point, onPoint }}
            log={log && measure === 'loss'}
          />
        ))}
      </div>
    </>
  )
}

interface MeasureProps extends Props {
  readonly measure: Measure
  readonly axis: XAxis
  readonly smoothing: number
  readonly log: boolean
  readonly point: number | null
  onPoint(x: number): void
}

function MeasureChart(props: MeasureProps) {
  const { measure, runId, feed, live, axis, smoothing, log, point, onPoint } = props
  const t = useText('training')
  const list = useStore((s) => s.run.list)
  const compared = useStore((s) => s.run.compared)
  const { theme, language } = useStore((s) => s.ui)
  const others = useMemo(() => compared.filter((id) => id !== runId), [compared, runId])
  const news = useFeeds(others)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides what `runColour` reads
  const lines = useMemo<Line[]>(() => {
    const line = (id: string, role: Line['role']): Line => ({
      runId: id,
      role,
      colour: runColour(colourOf(list, id)),
    })
    return [
      ...(smoothing > 0 ? [line(runId, 'raw')] : []),
      ...others.map((id) => line(id, 'validation')),
      line(runId, 'train'),
      line(runId, 'validation'),
    ]
  }, [list, others, runId, smoothing > 0, theme])

  // biome-ignore lint/correctness/useExhaustiveDependencies: `news` tells that a feed has more in it
  const data = useMemo<PlotData>(() => {
    const train = trainCurves(runId, feed, measure, axis, smoothing)
    const validation = validationCurve(runId, feed, measure, axis)
    const curves: Curve[] = [
      ...train.slice(0, -1),
      ...others.map((id) => validationCurve(id, feedOf(id), measure, axis)),
      ...train.slice(-1),
      validation,
    ]
    const best = feed.metrics.best
    const bestX = best && validation.x[feed.metrics.epochs.column('epoch').indexOf(best.epoch)]
    const bestY = bestX !== undefined && bestX !== null ? valueAt(validation, bestX) : null
    return {
      curves,
      xMax: xLimit(curves, live ? fullLength(feed, axis) : null),
      yRange: yRange(curves, measure, log),
      best:
        best && bestX !== undefined && bestX !== null && bestY !== null
          ? {
              x: bestX,
              y: bestY,
              label: measure === 'accuracy' ? t('best.mark', { value: percent(bestY, 2) }) : '',
            }
          : null,
    }
  }, [feed, feed.version, runId, measure, axis, smoothing, log, live, others, news, t])

  const nameOf = (line: Line) => {
    if (line.runId === runId) return t(`role.${line.role}`)
    const run = list.find((r) => r.runId === line.runId)
    return run ? `${run.name}, ${shortDate(run.created, language)}` : line.runId
  }
  const placeOf = (x: number) => {
    const { steps } = feed.metrics
    const at = (name: 'step' | 'epoch') => valueAt({ x: steps.column(axis), y: steps.column(name) }, x) ?? 0
    return t('chart.place', { step: count(at('step')), epoch: at('epoch').toFixed(2) })
  }
  const save = (format: PictureFormat) =>
    void saveChart(
      {
        title: t(`measure.${measure}`),
        subtitle: list.find((run) => run.runId === runId)?.name ?? runId,
        xLabel: t(`axis.${axis}`),
        ...{ measure, axis, log, lines, data, nameOf },
      },
      format,
    )
  return (
    <Chart
      title={t(`measure.${measure}`)}
      {...{ measure, axis, log, lines, data, point, onPoint, nameOf, placeOf }}
      onSave={save}
    />
  )
}
