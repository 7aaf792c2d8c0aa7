import { pickRows } from './smoothing.ts'

interface Props {
  readonly values: Float64Array
  /** Lower end of the scale; the largest value is the upper. */
  readonly from: number
  readonly label: string
}

const WIDTH = 240
const HEIGHT = 34

/** A small line without axes: how a figure went over the run. */
export function Sparkline({ values, from, label }: Props) {
  const rows = pickRows(values, 240)
  const most = rows.reduce((m, row) => Math.max(m, values[row]!), from)
  const span = most > from ? most - from : 1
  const x = (row: number) => (values.length > 1 ? (row / (values.length - 1)) * WIDTH : 0)
  const y = (value: number) => 2 + (1 - (value - from) / span) * (HEIGHT - 4)
  const path = rows
    .map((row, i) => `${i ? 'L' : 'M'}${x(row).toFixed(1)} ${y(values[row]!).toFixed(1)}`)
    .join('')
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path className="sparkline-base" d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
      <path className="sparkline-line" d={path} />
    </svg>
  )
}
