import i18next from 'i18next'
import { describeError } from '../host/errors.ts'
import { rasterize } from '../kit/rasterize.ts'
import { useStore } from '../state/store.ts'
import { chartFigure } from './chart-figure.ts'
import type { Measure, XAxis } from './curves.ts'
import { saveBytes } from './download.ts'
import { type Line, type PlotData, xTicks, yTick } from './plot.ts'

export const pictureFormats = ['png', 'svg'] as const
export type PictureFormat = (typeof pictureFormats)[number]

/** A chart as it is shown. */
export interface ShownChart {
  readonly title: string
  readonly subtitle: string
  readonly xLabel: string
  readonly measure: Measure
  readonly axis: XAxis
  readonly log: boolean
  readonly lines: readonly Line[]
  readonly data: PlotData
  nameOf(line: Line): string
}

/** Hands the person a chart as a picture, in the colours of the theme. */
export async function saveChart(chart: ShownChart, format: PictureFormat): Promise<void> {
  const { ui } = useStore.getState()
  const name = `${chart.subtitle} ${chart.title}.${format}`
  try {
    const figure = chartFigure(pictureOf(chart))
    const bytes = format === 'svg' ? new TextEncoder().encode(figure.svg) : await rasterize(figure)
    saveBytes(name, bytes)
    ui.notify('ok', i18next.t('exported', { ns: 'training', name }))
  } catch (error) {
    ui.notify('bad', describeError(error))
  }
}

function pictureOf({ lines, data, nameOf, measure, axis, ...chart }: ShownChart) {
  const style = getComputedStyle(document.documentElement)
  const css = (name: string) => style.getPropertyValue(name).trim()
  return {
    ...chart,
    xMax: data.xMax,
    yRange: data.yRange,
    lines: data.curves.map(({ role, x, y }, i) => {
      const line = lines[i]!
      return { role, x, y, colour: line.colour, name: role === 'raw' ? '' : nameOf(line) }
    }),
    best: data.best && { ...data.best, colour: lines.at(-1)?.colour ?? '' },
    colours: {
      surface: css('--surface-plot'),
      text: css('--text-1'),
      note: css('--text-2'),
      grid: css('--line-1'),
    },
    font: getComputedStyle(document.body).fontFamily,
    xText: xTicks[axis],
    yText: yTick[measure],
  }
}
