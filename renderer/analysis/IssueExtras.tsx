import type { Issue } from '../../core/network/issue.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { applyNow } from './remedy.ts'
import './lessons.css'

/** What goes with an issue's text: a button that makes its fix, and where its lesson was learned. */
export function IssueExtras({ issue: { remedy, source } }: { issue: Issue }) {
  const t = useText('analysis')
  const pick = usePick()
  if (!remedy && !source) return null
  return (
    <span className="issue-extras">
      {remedy && (
        <Button size="sm" title={t('remedy.help')} onClick={() => applyNow(remedy)}>
          {pick(remedy.label)}
        </Button>
      )}
      {source &&
        (source.url ? (
          <a className="xs" href={source.url} target="_blank" rel="noreferrer">
            {source.citation}
          </a>
        ) : (
          <span className="xs t3">{source.citation}</span>
        ))}
    </span>
  )
}
