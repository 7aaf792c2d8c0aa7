import { useDeferredValue, useMemo } from 'react'
import { pathsOf } from '../../core/analysis/paths.ts'
import type { Analysis } from '../../core/analysis/report.ts'
import { reveal } from '../canvas/blocks.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'
import { count, percent, short } from './format.ts'
import { IssueExtras } from './IssueExtras.tsx'
import { PathChart } from './PathChart.tsx'
import { type Figure, sharesOf } from './shares.ts'
import './lessons.css'

/** The network at a glance: where its parameters and operations are, the ways through it, and what it can teach. */
export function Overview() {
  const t = useText('analysis')
  const document = useDeferredValue(useStore((s) => s.document.document))
  const analysis = useStore((s) => s.document.analysis)
  const paths = useMemo(() => pathsOf(document), [document])
  return (
    <div className="overview">
      <section aria-labelledby="overview-parameters">
        <h3 id="overview-parameters" className="cap">
          {t('overview.parameters')}
        </h3>
        <Shares analysis={analysis} figure="trainable" />
      </section>
      <section aria-labelledby="overview-macs">
        <h3 id="overview-macs" className="cap">
          {t('overview.macs')}
        </h3>
        <Shares analysis={analysis} figure="macs" />
      </section>
      {paths && (
        <section aria-labelledby="overview-paths">
          <h3 id="overview-paths" className="cap">
            {t('paths.title')}
          </h3>
          <PathChart paths={paths} />
        </section>
      )}
      <section className="overview-lessons" aria-labelledby="overview-lessons">
        <h3 id="overview-lessons" className="cap">
          {t('overview.lessons')}
        </h3>
        <Lessons analysis={analysis} />
      </section>
    </div>
  )
}

/** Parts by kind of layer, the largest first, and the one layer that has most of all. */
function Shares({ analysis, figure }: { analysis: Analysis; figure: Figure }) {
  const t = useText('analysis')
  const g = useText('gallery')
  const { parts, most } = useMemo(() => sharesOf(analysis, figure), [analysis, figure])
  if (parts.length === 0) return <p className="sm t3">{t('overview.none')}</p>
  return (
    <>
      <dl className="share-list">
        {parts.map(({ category, sum, share }) => (
          <div key={category} data-cat={category} title={count(sum)}>
            <dt>
              <Icon name={`cat-${category}`} size={14} />
              {g(`category.${category}`)}
            </dt>
            <dd>
              <span className="share-bar">
                <i style={{ width: `${share * 100}%` }} />
              </span>
              <span className="share-number">{partOf(share)}</span>
              <span className="share-number t3">{short(sum)}</span>
            </dd>
          </div>
        ))}
      </dl>
      {most && most.share >= 0.2 && (
        <p className="sm t2">
          {t('overview.most')}{' '}
          <button type="button" className="link" onClick={() => goTo(most.id)}>
            {most.name}
          </button>{' '}
          {percent(most.share, 0)}
        </p>
      )}
    </>
  )
}

function goTo(layer: string): void {
  useStore.getState().view.select([layer])
  reveal([layer])
}

/** A part that is there is never told as none. */
const partOf = (share: number) =>
  share < 0.0005 ? `<${percent(0.001)}` : percent(share, share >= 0.0995 ? 0 : 1)

function Lessons({ analysis: { issues, layers } }: { analysis: Analysis }) {
  const t = useText('analysis')
  const pick = usePick()
  const lessons = issues.filter((issue) => issue.source !== undefined)
  if (lessons.length === 0) return <p className="sm t3">{t('overview.noLessons')}</p>
  return (
    <ul className="lessons">
      {lessons.map((issue) => (
        <li key={`${issue.code}${issue.layer}${issue.message.en}`}>
          <p className="sm">
            {issue.layer !== undefined && (
              <>
                <button type="button" className="link" onClick={() => goTo(issue.layer!)}>
                  {layers.get(issue.layer)?.name}
                </button>{' '}
              </>
            )}
            {pick(issue.message)} {issue.fix && <span className="t2">{pick(issue.fix)}</span>}
          </p>
          <IssueExtras issue={issue} />
        </li>
      ))}
    </ul>
  )
}
