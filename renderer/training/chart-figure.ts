import type { Figure } from '../kit/rasterize.ts'
import type { Curve } from './curves.ts'

/** A chart as a picture of its own: what it shows, in words and colours that are given. */
export interface ChartPicture {
  readonly title: string
  /** Under the title: which run, on which data. */
  readonly subtitle: string
  readonly xLabel: string
  readonly log: boolean
  readonly xMax: number
  readonly yRange: readonly [number, number]
  readonly lines: readonly ChartLine[]
  readonly best: {
    readonly x: number
    readonly y: number
    readonly label: string
    readonly colour: string
  } | null
  readonly colours: {
    readonly surface: string
    readonly text: string
    readonly note: string
    readonly grid: string
  }
  readonly font: string
  xText(x: number): string
  yText(y: number): string
}

export interface ChartLine extends Pick<Curve, 'role' | 'x' | 'y'> {
  /** In the legend; empty for a line that is not named there. */
  readonly name: string
  readonly colour: string
}

const [WIDTH, HEIGHT] = [960, 540]
const PLOT = { left: 72, top: 92, right: 28, bottom: 62 } as const

/** Draws a chart as an SVG of 960 x 540: title, legend, axes, lines, the best epoch marked. */
export function chartFigure(picture: ChartPicture): Figure {
  const { colours } = picture
  const scale = scalesOf(picture)
  const parts = [
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${colours.surface}"/>`,
    said(picture.title, PLOT.left, 36, { size: 20, weight: 600, colour: colours.text }),
    said(picture.subtitle, PLOT.left, 58, { size: 13, colour: colours.note }),
    ...legend(picture),
    ...axes(picture, scale),
    `<clipPath id="plot"><rect x="${PLOT.left}" y="${PLOT.top - 4}" width="${scale.width}" height="${scale.height + 8}"/></clipPath>`,
    `<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">${picture.lines.map((line) => path(line, scale)).join('')}</g>`,
    ...bestMark(picture, scale),
  ]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="${written(picture.font)}">${parts.join('')}</svg>`
  return { svg, width: WIDTH, height: HEIGHT }
}

interface Scales {
  readonly width: number
  readonly height: number
  x(x: number): number
  y(y: number): number
}

function scalesOf({ log, xMax, yRange: [low, high] }: ChartPicture): Scales {
  const [width, height] = [WIDTH - PLOT.left - PLOT.right, HEIGHT - PLOT.top - PLOT.bottom]
  const at = (y: number) => (log ? Math.log10(Math.max(y, Number.MIN_VALUE)) : y)
  const [bottom, top] = [at(low), at(high)]
  return {
    width,
    height,
    x: (x) => PLOT.left + (x / xMax) * width,
    y: (y) => PLOT.top + height - ((at(y) - bottom) / (top - bottom || 1)) * height,
  }
}

/** Round numbers from `low` to `high`, about `count` of them. */
export function niceTicks(low: number, high: number, count: number): readonly number[] {
  const rough = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((size) => size >= rough) ?? 10 * power
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** Powers of ten within a range. */
const powers = (low: number, high: number): readonly number[] => {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)]
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i))
}

function axes(picture: ChartPicture, scale: Scales): string[] {
  const { log, xMax, yRange, colours, xLabel } = picture
  const [bottom, right] = [PLOT.top + scale.height, PLOT.left + scale.width]
  const note = { size: 12, colour: colours.note }
  const ys = (log ? powers(...yRange) : niceTicks(...yRange, 5)).flatMap((y) => [
    `<path d="M${PLOT.left} ${scale.y(y).toFixed(1)}H${right}" stroke="${colours.grid}"/>`,
    said(picture.yText(y), PLOT.left - 10, scale.y(y) + 4, { ...note, anchor: 'end' }),
  ])
  const xs = niceTicks(0, xMax, 8).map((x) =>
    said(picture.xText(x), scale.x(x), bottom + 20, { ...note, anchor: 'middle' }),
  )
  return [...ys, ...xs, said(xLabel, PLOT.left + scale.width / 2, bottom + 44, { ...note, anchor: 'middle' })]
}

const stroke = (role: Curve['role']): string =>
  role === 'raw'
    ? 'stroke-width="1" opacity="0.24"'
    : role === 'train'
      ? 'stroke-width="1.5" stroke-dasharray="5 3"'
      : 'stroke-width="2.5"'

function path({ role, x, y, colour }: ChartLine, scale: Scales): string {
  const d = x
    .map((at, i) => [at, y[i]!] as const)
    .filter(([, value]) => Number.isFinite(value))
    .map(([at, value], i) => `${i ? 'L' : 'M'}${scale.x(at).toFixed(1)} ${scale.y(value).toFixed(1)}`)
    .join('')
  return d && `<path d="${d}" stroke="${colour}" ${stroke(role)}/>`
}

function legend({ lines, colours }: ChartPicture): string[] {
  const [row, letter] = [18, 7.2]
  let x = PLOT.left
  return lines
    .filter(({ name }) => name !== '')
    .toReversed()
    .flatMap(({ name, role, colour }) => {
      const at = x
      x += 28 + name.length * letter + 22
      return [
        `<path d="M${at} ${PLOT.top - row - 4}h20" stroke="${colour}" ${stroke(role)}/>`,
        said(name, at + 28, PLOT.top - row, { size: 12, colour: colours.text }),
      ]
    })
}

function bestMark({ best, colours }: ChartPicture, scale: Scales): string[] {
  if (!best) return []
  const [x, y] = [scale.x(best.x), scale.y(best.y)]
  const at = Math.min(x, PLOT.left + scale.width - 40)
  return [
    `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5" fill="${best.colour}" stroke="${colours.surface}" stroke-width="1.5"/>`,
    ...(best.label
      ? [said(best.label, at, y - 12, { size: 12, weight: 600, colour: colours.text, anchor: 'middle' })]
      : []),
  ]
}

interface Style {
  readonly size: number
  readonly colour: string
  readonly weight?: number
  readonly anchor?: 'middle' | 'end'
}

const said = (text: string, x: number, y: number, { size, colour, weight = 400, anchor }: Style): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" font-weight="${weight}" fill="${colour}"${anchor ? ` text-anchor="${anchor}"` : ''}>${written(text)}</text>`

const written = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
