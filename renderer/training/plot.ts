import uPlot from 'uplot'
import { clock, count, loss, percent } from '../analysis/format.ts'
import type { Curve, Measure, XAxis } from './curves.ts'

/** How a line is drawn; its place in the list is its place in the plot. */
export interface Line {
  readonly runId: string
  readonly role: Curve['role']
  /** CSS colour. */
  readonly colour: string
}

export interface PlotOptions {
  readonly measure: Measure
  readonly axis: XAxis
  readonly log: boolean
  /** The last is the main run's validation. */
  readonly lines: readonly Line[]
  /** Where the pointer is, in x; null when it is not on the plot. `left` in pixels of the plot's own area. */
  onHover(hover: Hover | null): void
}

export interface Hover {
  readonly x: number
  readonly left: number
  readonly width: number
}

export interface PlotData {
  readonly curves: readonly Curve[]
  readonly xMax: number
  readonly yRange: readonly [number, number]
  /** The best epoch, on the main run's validation line. */
  readonly best: { readonly x: number; readonly y: number; readonly label: string } | null
}

/** The crosshair of all plots with the same key moves together. */
const SYNC = 'training'

const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
const font = (size: number, weight = 400) =>
  `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`

/** How a value of the axis is written under it. */
export const xTicks: Record<XAxis, (x: number) => string> = {
  step: (x) => (x >= 10_000 ? `${count(x / 1000)} k` : count(x)),
  epoch: (x) => `${x}`,
  wall: (x) => (x < 10 ? `${x} s` : clock(x)),
  seconds: (x) => (x < 10 ? `${x} s` : clock(x)),
}
/** How a value is written beside the axis, in six letters at most: there is no room for more. */
export const yTick: Record<Measure, (y: number) => string> = {
  loss: (y) =>
    y >= 1e5
      ? y.toExponential(1).replace('.0e', 'e').replace('e+', 'e')
      : `${Number.parseFloat(y.toPrecision(3))}`,
  accuracy: (y) => percent(y, 0),
}
/** How a value is written in the tooltip. */
export const valueText: Record<Measure, (y: number | null) => string> = {
  loss,
  accuracy: (y) => percent(y, 2),
}

function seriesOf({ role, colour }: Line): uPlot.Series {
  const base = { stroke: colour, points: { show: false } }
  if (role === 'raw') return { ...base, width: 1, alpha: 0.24 }
  if (role === 'train') return { ...base, width: 1.25, dash: [4, 2.5] }
  // epochs lie far apart at first, and a line needs two
  return { ...base, width: 2.25, points: { show: true, size: 5, width: 2.25, fill: css('--surface-plot') } }
}

/** Steps between ticks: whole numbers, times that a clock shows, and shares that are whole per cents. */
const whole = Array.from({ length: 8 }, (_, e) => [1, 2, 5].map((n) => n * 10 ** e)).flat()
const times = [
  1,
  2,
  5,
  10,
  20,
  30,
  ...[1, 2, 5, 10, 20, 30].map((m) => m * 60),
  ...whole.map((h) => h * 3600),
]
/** Far enough that a loss on its way to infinity still has an axis. */
const losses = Array.from({ length: 48 }, (_, e) => [1, 2, 2.5, 5].map((n) => n * 10 ** (e - 8))).flat()
const shares = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5]

function axesOf({ measure, axis, log }: PlotOptions): uPlot.Axis[] {
  const common: uPlot.Axis = {
    stroke: css('--text-3'),
    font: font(10.5),
    ticks: { show: false },
    grid: { show: false },
  }
  return [
    {
      ...common,
      size: 24,
      gap: 6,
      space: 64,
      incrs: axis === 'seconds' || axis === 'wall' ? times : whole,
      values: (_, xs) => xs.map(xTicks[axis]),
    },
    {
      ...common,
      size: 44,
      gap: 6,
      // a tall chart needs no more lines than a low one to be read
      space: (u) => Math.max(34, u.height / 9),
      ...(!log && { incrs: measure === 'accuracy' ? shares : losses }),
      grid: { show: true, stroke: css('--line-1'), width: 1 },
      values: (_, ys) => ys.map((y) => (y === null ? '' : yTick[measure](y))),
    },
  ]
}

/** A uPlot in the tokens' colours: fed whole pictures, redrawn only when given one. */
export class Plot {
  readonly #plot: uPlot
  readonly #options: PlotOptions
  #data: PlotData = { curves: [], xMax: 1, yRange: [0, 1], best: null }

  constructor(target: HTMLElement, options: PlotOptions) {
    this.#options = options
    const config: uPlot.Options = {
      width: target.clientWidth || 300,
      height: target.clientHeight || 150,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: {
        sync: { key: SYNC, setSeries: false },
        drag: { x: false, y: false },
        y: false,
        dataIdx: (u, series, row) => this.#rowOf(u, series, row),
        points: {
          size: 7,
          width: 1.75,
          fill: css('--surface-plot'),
          stroke: (_, series) => options.lines[series - 1]?.colour ?? '',
        },
      },
      scales: {
        x: { time: false, range: () => [0, this.#data.xMax] },
        y: { distr: options.log ? 3 : 1, range: () => [...this.#data.yRange] },
      },
      axes: axesOf(options),
      series: [{}, ...options.lines.map(seriesOf)],
      hooks: { setCursor: [(u) => this.#hover(u)], draw: [(u) => this.#marks(u)] },
    }
    this.#plot = new uPlot(config, [[], ...options.lines.map(() => [])] as uPlot.AlignedData, target)
  }

  show(data: PlotData): void {
    this.#data = data
    const tables = data.curves.map((c) => [c.x, c.y] as unknown as uPlot.AlignedData)
    const empty = [[], ...this.#options.lines.map(() => [])] as uPlot.AlignedData
    this.#plot.setData(data.curves.some((c) => c.x.length) ? uPlot.join(tables) : empty)
    this.#hover(this.#plot)
  }

  resize(width: number, height: number): void {
    if (width > 0 && height > 0) this.#plot.setSize({ width, height })
  }

  /** Moves the crosshair to a value of x, as the pointer would. */
  point(x: number): void {
    this.#plot.setCursor({ left: this.#plot.valToPos(x, 'x'), top: 1 })
  }

  destroy(): void {
    this.#plot.destroy()
  }

  /** The ring of a line stands on its last point not behind the crosshair; the raw line has none. */
  #rowOf(u: uPlot, series: number, row: number): number | null {
    const values = u.data[series]
    if (!values || this.#options.lines[series - 1]?.role === 'raw') return null
    let at = row
    while (at >= 0 && values[at] === undefined) at--
    return at < 0 ? null : at
  }

  #hover(u: uPlot): void {
    const left = u.cursor.left ?? -1
    const inside = left >= 0
    this.#options.onHover(
      inside
        ? { x: u.posToVal(left, 'x'), left: left + u.bbox.left / devicePixelRatio, width: u.width }
        : null,
    )
  }

  #marks(u: uPlot): void {
    const { best } = this.#data
    const main = this.#options.lines.at(-1)
    const { ctx } = u
    const scale = devicePixelRatio
    ctx.save()
    if (best && main) {
      const [x, y] = [u.valToPos(best.x, 'x', true), u.valToPos(best.y, 'y', true)]
      ctx.beginPath()
      ctx.arc(x, y, 4.5 * scale, 0, 2 * Math.PI)
      ctx.fillStyle = main.colour
      ctx.fill()
      ctx.lineWidth = 1.5 * scale
      ctx.strokeStyle = css('--surface-plot')
      ctx.stroke()
      if (best.label) this.#label(ctx, best.label, x, y, u.bbox, scale)
    }
    ctx.restore()
  }

  #label(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, box: uPlot.BBox, scale: number) {
    ctx.font = font(11 * scale, 500)
    const half = ctx.measureText(text).width / 2
    const at = Math.min(Math.max(x, box.left + half + 2 * scale), box.left + box.width - half)
    // under the dot where it would touch the upper edge
    const below = y - 22 * scale < box.top
    ctx.textAlign = 'center'
    ctx.textBaseline = below ? 'top' : 'bottom'
    const to = y + (below ? 9 : -8) * scale
    ctx.lineWidth = 4 * scale
    ctx.lineJoin = 'round'
    ctx.strokeStyle = css('--surface-plot')
    ctx.strokeText(text, at, to)
    ctx.fillStyle = css('--text-1')
    ctx.fillText(text, at, to)
  }
}
