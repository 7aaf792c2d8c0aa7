import { memo, useMemo, useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
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
import { feedOf, type RunFeed, subscribeTo, useFeedPart } from './feed.ts'
import type { Line, PlotData } from './plot.ts'
import { colourOf, shortDate } from './runs.ts'
import { type PictureFormat, saveChart } from './saveChart.ts'
import type { PlotSource } from './usePlot.ts'

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

/**
 * Loss and accuracy of a run, side by side with one crosshair, and of others beside it. What a run tells is drawn without
 * rendering any of this.
 */
export const Charts = memo(function Charts({ runId, feed, live }: Props) {
  const t = useText('training')
  const [axis, setAxis] = useState<XAxis>('step')
  const [smoothing, setSmoothing] = useState(0.85)
  const [log, setLog] = useState(false)
  // older runs do not tell when their figures came
  const hasWallTime = useFeedPart(feed, () => feed.metrics.hasWallTime)
  const shownAxes = axes.filter((value) => value !== 'wall' || hasWallTime)
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
})

interface MeasureProps extends Props {
  readonly measure: Measure
  readonly axis: XAxis
  readonly smoothing: number
  readonly log: boolean
  readonly point: number | null
  onPoint(x: number): void
}

/** What a chart draws of a run and of those compared with it, as far as they have told. */
function plotData(
  { measure, runId, feed, live, axis, smoothing, log }: Omit<MeasureProps, 'point' | 'onPoint'>,
  others: readonly string[],
  bestText: (value: string) => string,
): PlotData {
  const train = trainCurves(runId, feed, measure, axis, smoothing)
  const validation = validationCurve(runId, feed, measure, axis)
  const curves: Curve[] = [
    ...train.slice(0, -1),
    ...others.map((id) => validationCurve(id, feedOf(id), measure, axis)),
    ...train.slice(-1),
    validation,
  ]
  const { best, epochs } = feed.metrics
  const x = best ? validation.x[epochs.column('epoch').indexOf(best.epoch)] : undefined
  const y = x === undefined ? null : valueAt(validation, x)
  return {
    curves,
    xMax: xLimit(curves, live ? fullLength(feed, axis) : null),
    yRange: yRange(curves, measure, log),
    best:
      x !== undefined && y !== null
        ? { x, y, label: measure === 'accuracy' ? bestText(percent(y, 2)) : '' }
        : null,
  }
}

/** Colour and name of each run; another array only when one of them is another. */
function useLooks(runIds: readonly string[]) {
  const language = useStore((s) => s.ui.language)
  const theme = useStore((s) => s.ui.theme)
  const colours = useStore(useShallow((s) => runIds.map((id) => colourOf(s.run.list, id))))
  const names = useStore(
    useShallow((s) =>
      runIds.map((id) => {
        const run = s.run.list.find((r) => r.runId === id)
        return run ? [run.name, shortDate(run.created, language)].join(', ') : id
      }),
    ),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides what `runColour` reads
  const colourIn = useMemo(
    () => new Map(runIds.map((id, i) => [id, runColour(colours[i]!)])),
    [runIds, colours, theme],
  )
  return { colourIn, nameIn: (id: string) => names[runIds.indexOf(id)] ?? id }
}

function MeasureChart(props: MeasureProps) {
  const { measure, runId, feed, live, axis, smoothing, log, point, onPoint } = props
  const t = useText('training')
  const compared = useStore((s) => s.run.compared)
  const others = useMemo(() => compared.filter((id) => id !== runId), [compared, runId])
  const drawn = useMemo(() => [runId, ...others], [runId, others])
  const { colourIn, nameIn } = useLooks(drawn)

  const raw = smoothing > 0
  const lines = useMemo<Line[]>(() => {
    const line = (id: string, role: Line['role']): Line => ({
      runId: id,
      role,
      colour: colourIn.get(id) ?? '',
    })
    return [
      ...(raw ? [line(runId, 'raw')] : []),
      ...others.map((id) => line(id, 'validation')),
      line(runId, 'train'),
      line(runId, 'validation'),
    ]
  }, [colourIn, others, runId, raw])

  const source = useMemo<PlotSource>(
    () => ({
      read: () =>
        plotData({ feed, runId, measure, axis, smoothing, log, live }, others, (value) =>
          t('best.mark', { value }),
        ),
      subscribe: (listener) => subscribeTo(drawn, listener),
    }),
    [feed, runId, measure, axis, smoothing, log, live, others, drawn, t],
  )

  const nameOf = (line: Line) => (line.runId === runId ? t(`role.${line.role}`) : nameIn(line.runId))
  const placeOf = (x: number) => {
    const { steps } = feed.metrics
    const at = (name: 'step' | 'epoch') => valueAt({ x: steps.column(axis), y: steps.column(name) }, x) ?? 0
    return t('chart.place', { step: count(at('step')), epoch: at('epoch').toFixed(2) })
  }
  const save = (format: PictureFormat) => {
    const { list } = useStore.getState().run
    return void saveChart(
      {
        title: t(`measure.${measure}`),
        subtitle: list.find((run) => run.runId === runId)?.name ?? runId,
        xLabel: t(`axis.${axis}`),
        ...{ measure, axis, log, lines, data: source.read(), nameOf },
      },
      format,
    )
  }
  return (
    <Chart
      title={t(`measure.${measure}`)}
      {...{ measure, axis, log, lines, source, point, onPoint, nameOf, placeOf }}
      onSave={save}
    />
  )
}
