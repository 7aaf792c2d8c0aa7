import { useState } from 'react'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { JobConfig } from '../../core/protocol/contract.ts'
import { count, loss as lossText, small } from '../analysis/format.ts'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Field } from '../kit/Field.tsx'
import { Meter } from '../kit/Meter.tsx'
import { keeps, type Rule } from './number-rule.ts'
import { rangeCurve } from './range-curve.ts'
import { type RangeResult, type RangeSoFar, useRangeTest } from './useRangeTest.ts'
import './range.css'

interface Props {
  readonly document: NetworkDocument
  /** Null while a setting is wrong. */
  readonly config: JobConfig | null
  /** Takes a learning rate into the settings. */
  onUse(rate: number): void
}

const RATE: Rule = { above: 0 }
const STEPS: Rule = { whole: true, min: 10, max: 1000 }
const SOURCE = 'https://arxiv.org/abs/1506.01186'

/** Finds a learning rate by training a few steps with ever larger ones (Smith 2017). */
export function RangeTest({ document, config, onUse }: Props) {
  const t = useText('training')
  const { result, soFar, failure, busy, run, stop } = useRangeTest(document, config)
  const [bounds, setBounds] = useState({ from: '1e-6', to: '10', steps: '100' })
  const ratesFit =
    keeps(RATE, bounds.from) && keeps(RATE, bounds.to) && Number(bounds.from) < Number(bounds.to)
  const stepsFit = keeps(STEPS, bounds.steps)
  const start = () =>
    void run({ from: Number(bounds.from), to: Number(bounds.to), steps: Number(bounds.steps) })
  const field = (name: keyof typeof bounds, fits: boolean, rule: string) => (
    <Field
      label={t(`range.${name}`)}
      value={bounds[name]}
      inputMode="decimal"
      disabled={busy}
      error={fits ? null : rule}
      onChange={(value) => setBounds((before) => ({ ...before, [name]: value }))}
    />
  )
  return (
    <details className="more range-test">
      <summary>{t('range.open')}</summary>
      <p className="xs t2">
        {t('range.text')}{' '}
        <a href={SOURCE} target="_blank" rel="noreferrer">
          {t('range.source')}
        </a>
      </p>
      <div className="range-fields">
        {field('from', ratesFit, t('range.rule'))}
        {field('to', ratesFit, t('range.rule'))}
        {field('steps', stepsFit, t('range.ruleSteps'))}
        {busy ? (
          <Button icon="stop" onClick={stop}>
            {t('range.stop')}
          </Button>
        ) : (
          <Button icon="play" disabled={!config || !ratesFit || !stepsFit} onClick={start}>
            {t(result ? 'range.again' : 'range.run')}
          </Button>
        )}
      </div>
      {busy && <UnderWay {...soFar} />}
      <div role="status">
        {failure !== null && !busy && <p className="field-note bad selectable">{failure}</p>}
        {result && !busy && <Found result={result} onUse={onUse} />}
      </div>
    </details>
  )
}

/** The curve as far as it is known, and how far that is. */
function UnderWay({ points, done, total }: RangeSoFar) {
  const t = useText('training')
  return (
    <div className="range-way">
      <p className="xs t2 measuring">
        {done === 0 ? t('range.busy') : t('range.done', { done: count(done), total: count(total) })}
      </p>
      <Meter label={t('range.progress')} share={total === 0 ? 0 : done / total} />
      <Curve result={{ points, suggestion: null }} />
    </div>
  )
}

/** Two significant digits: more would say that the test is more exact than it is. */
const rounded = (rate: number): number => Number(rate.toPrecision(2))

function Found({ result, onUse }: { result: RangeResult; onUse(rate: number): void }) {
  const t = useText('training')
  const suggestion = result.suggestion === null ? null : rounded(result.suggestion)
  return (
    <>
      <Curve result={result} />
      <div className="row range-found">
        <p className="grow">
          {suggestion === null ? t('range.none') : t('range.suggestion', { rate: small(suggestion) })}
        </p>
        {suggestion !== null && (
          <Button size="sm" variant="primary" onClick={() => onUse(suggestion)}>
            {t('range.use', { rate: small(suggestion) })}
          </Button>
        )}
      </div>
    </>
  )
}

const [WIDTH, HEIGHT] = [400, 120]

function Curve({ result }: { result: RangeResult }) {
  const t = useText('training')
  const curve = rangeCurve(result.points)
  if (!curve) return null
  const points = curve.line.map(({ x, y }) => `${x * WIDTH},${y * HEIGHT}`).join(' ')
  const [first, last] = [result.points[0]!, result.points.at(-1)!]
  const said = t('range.label', {
    from: small(first.learningRate),
    to: small(last.learningRate),
    best: small(curve.best),
  })
  const marked = result.suggestion === null ? null : curve.place(result.suggestion)
  return (
    <figure className="range-curve">
      <span className="range-y xs t2" aria-hidden="true">
        <span>{lossText(curve.high)}</span>
        <span>{t('range.loss')}</span>
        <span>{lossText(curve.low)}</span>
      </span>
      <div className="range-plot">
        <svg
          className="line-plot"
          role="img"
          aria-label={said}
          viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
          preserveAspectRatio="none"
        >
          {curve.ticks.map(({ x, rate }) => (
            <path key={rate} className="range-grid" d={`M${x * WIDTH} 0V${HEIGHT}`} />
          ))}
          <polyline points={points} />
          {marked !== null && <path className="range-mark" d={`M${marked * WIDTH} 0V${HEIGHT}`} />}
        </svg>
        <span className="range-x xs t2" aria-hidden="true">
          {curve.ticks.map(({ x, rate }) => (
            <span key={rate} style={{ left: `${x * 100}%` }}>
              {small(rate)}
            </span>
          ))}
        </span>
        <p className="range-axis xs t2" aria-hidden="true">
          {t('range.axis')}
        </p>
      </div>
    </figure>
  )
}
