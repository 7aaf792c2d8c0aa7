import { useMemo } from 'react'
import { type Paths, rangeOf, shareOf, showWays } from '../../core/analysis/paths.ts'
import { useText } from '../i18n/index.ts'
import { percent } from './format.ts'

const [WIDTH, HEIGHT] = [320, 56]
const URL = 'https://arxiv.org/abs/1605.06431'

/** The ways through a residual network by length: few are short, few are long. */
export function PathChart({ paths }: { paths: Paths }) {
  const t = useText('analysis')
  const { modules, count, lengths, mean } = paths
  const [from, to] = useMemo(() => rangeOf(paths, 0.95), [paths])
  const shares = useMemo(() => sharesOf(paths), [paths])
  const bars = shares.map((share, length) => ({ share, length }))
  const bar = WIDTH / lengths.length
  const gap = bar > 4 ? 1 : 0
  const within = percent(shareOf(paths, from, to), 0)
  const said = t('paths.text', { count: modules, ways: showWays(count), within, from, to, mean: round(mean) })
  return (
    <div className="paths">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said} preserveAspectRatio="none">
        {bars.map(({ share, length }) => (
          <rect
            key={length}
            x={length * bar}
            y={HEIGHT - share * HEIGHT}
            width={Math.max(bar - gap, 0.5)}
            height={share * HEIGHT}
            data-within={(length >= from && length <= to) || undefined}
          />
        ))}
      </svg>
      <div className="paths-axis xs t3" aria-hidden="true">
        <span>0</span>
        <span>{round(mean)}</span>
        <span>{lengths.length - 1}</span>
      </div>
      <p className="sm t2">
        {said}{' '}
        <a className="xs" href={URL} target="_blank" rel="noreferrer">
          {t('paths.source')}
        </a>
      </p>
    </div>
  )
}

const round = (mean: number): string => String(Math.round(mean * 10) / 10)

/** Heights from 0 to 1, the most frequent length being 1. */
function sharesOf({ lengths }: Paths): readonly number[] {
  const most = lengths.reduce((a, b) => (b > a ? b : a), 1n)
  return lengths.map((ways) => Number((ways * 1_000_000n) / most) / 1e6)
}
