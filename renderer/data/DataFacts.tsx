import { useState } from 'react'
import { count, percent } from '../analysis/format.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Switch } from '../kit/Choice.tsx'
import { SearchField } from '../kit/Field.tsx'
import type { Describing } from '../training/useDescription.ts'
import { balancedWeights, imbalanceOf } from './balance.ts'
import { Statistics } from './Statistics.tsx'
import type { SamplesState } from './useSamples.ts'

type Head = NonNullable<SamplesState['head']>

interface Props {
  readonly head: Head
  readonly describing: Describing
  readonly seed: number
  readonly validation: number
  /** The class that is shown alone. */
  readonly only: number | null
  onOnly(label: number | null): void
  /** What a sample of each class counts for; absent where this can't be changed. */
  readonly weights?: readonly number[] | undefined
  onWeights?: ((weights: number[] | undefined) => void) | undefined
}

/** What the data holds: how much, of which classes, how it is divided, and what is left out. */
export function DataFacts(props: Props) {
  const { head, describing } = props
  const t = useText('data')
  const { description } = describing
  const data = description.state === 'ready' ? description.data : null
  const total = data?.count ?? head.count
  const perClass = data?.perClass ?? head.perClass
  return (
    <div className="data-facts scroll">
      <section className="data-part" aria-label={t('facts.title')}>
        <p className="data-total">
          <b>{t('facts.samples', { count: total, shown: count(total) })}</b>
          <span className="t2 sm">
            {t('facts.classes', { count: head.classes.length, shown: count(head.classes.length) })}
          </span>
        </p>
        <Split {...props} unreadable={data ? Math.max(0, head.count - data.count) : 0} />
      </section>
      <Balance {...props} perClass={perClass} />
      <Statistics describing={describing} />
      <LeftOut files={data?.skipped ?? head.skipped} />
    </div>
  )
}

function Split({ head, seed, validation, unreadable }: Props & { readonly unreadable: number }) {
  const t = useText('data')
  const { trainCount, validationCount, published } = head
  const all = Math.max(1, trainCount + validationCount)
  return (
    <>
      <div className="split-bar" aria-hidden="true">
        <i style={{ flexGrow: trainCount }} />
        <i className="held" style={{ flexGrow: validationCount }} />
      </div>
      <dl className="split-counts">
        <div>
          <dt>{t('split.train')}</dt>
          <dd>
            {count(trainCount)} <span className="t3">{percent(trainCount / all, 0)}</span>
          </dd>
        </div>
        <div>
          <dt>{t('split.validation')}</dt>
          <dd>
            {count(validationCount)} <span className="t3">{percent(validationCount / all, 0)}</span>
          </dd>
        </div>
      </dl>
      <p className="xs t2">
        {published ? t('split.published') : t('split.cut', { share: percent(validation, 0), seed })}
      </p>
      {unreadable > 0 && (
        <p className="xs t2">{t('split.unreadable', { count: unreadable, shown: count(unreadable) })}</p>
      )}
    </>
  )
}

/** More classes than that are found by their names. */
const FEW = 20

function Balance({
  head,
  perClass,
  only,
  onOnly,
  weights,
  onWeights,
}: Props & { readonly perClass: readonly number[] }) {
  const t = useText('data')
  const most = Math.max(1, ...perClass)
  const uneven = imbalanceOf(perClass)
  const even = balancedWeights(perClass)
  const [query, setQuery] = useState('')
  const wanted = query.trim().toLowerCase()
  return (
    <section className="data-part" aria-label={t('balance.title')}>
      <h2 className="cap">{t('balance.title')}</h2>
      {uneven && (
        <div className="data-warning">
          <p>
            {Number.isFinite(uneven.times)
              ? t('balance.uneven', {
                  most: head.classes[uneven.most],
                  fewest: head.classes[uneven.fewest],
                  times: uneven.times.toFixed(uneven.times < 10 ? 1 : 0),
                })
              : t('balance.none', { fewest: head.classes[uneven.fewest] })}
          </p>
          {even && !onWeights && <p className="t2">{t('balance.weigh')}</p>}
        </div>
      )}
      {onWeights && even && (uneven || weights) && (
        <div className="weigh">
          <Switch
            label={t('balance.use')}
            checked={weights !== undefined}
            onChange={(on) => onWeights(on ? even : undefined)}
          />
          <span aria-hidden="true">{t('balance.use')}</span>
        </div>
      )}
      {head.classes.length > FEW && (
        <SearchField label={t('balance.find')} value={query} onChange={setQuery} />
      )}
      <ul className="class-bars">
        {head.classes.map((name, label) => (
          <li key={name} hidden={!name.toLowerCase().includes(wanted)}>
            <button
              type="button"
              title={name}
              aria-pressed={only === label}
              onClick={() => onOnly(only === label ? null : label)}
            >
              <span className="ell">{name}</span>
              <span className="class-bar">
                <i style={{ width: `${(100 * (perClass[label] ?? 0)) / most}%` }} />
              </span>
              <span className="class-count">{count(perClass[label] ?? 0)}</span>
              <span className="sr-only">{t('balance.only', { count: perClass[label] ?? 0 })}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Longer lists are cut: whoever has thousands of bad files repairs the first ones first. */
const MOST_LISTED = 500

function LeftOut({ files }: { readonly files: Head['skipped'] }) {
  const t = useText('data')
  const pick = usePick()
  if (files.length === 0) return null
  const more = files.length - MOST_LISTED
  return (
    <section className="data-part" aria-label={t('left.title')}>
      <h2 className="cap">
        {t('left.title')} <span className="count warn">{count(files.length)}</span>
      </h2>
      <p className="xs t2">{t('left.rest')}</p>
      <ul className="left-out selectable">
        {files.slice(0, MOST_LISTED).map(({ file, reason, text }) => (
          <li key={file}>
            <span className="mono">{file}</span>
            <span className="t2">{text ? pick(text) : reason}</span>
          </li>
        ))}
        {more > 0 && <li className="t2">{t('left.more', { shown: count(more) })}</li>}
      </ul>
    </section>
  )
}
