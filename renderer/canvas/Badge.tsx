import type { Issue } from '../../core/network/issue.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { Tooltip } from '../kit/Tooltip.tsx'

/** So many problems are written out. */
const MOST = 4

/** The mark of a layer or block with a problem, with the sentences and what to do about them. */
export function Badge({ issues, tone }: { issues: readonly Issue[]; tone: 'bad' | 'warn' }) {
  const pick = usePick()
  const t = useText('canvas')
  const shown = issues.slice(0, MOST)
  const text = (
    <span className="badge-text">
      {shown.map((issue) => (
        <span key={`${issue.layer}${issue.code}${issue.message.en}`}>
          {pick(issue.message)}
          {issue.fix && <span className="t2"> {pick(issue.fix)}</span>}
        </span>
      ))}
      {issues.length > shown.length && (
        <span className="t2">{t('moreProblems', { count: issues.length - shown.length })}</span>
      )}
    </span>
  )
  return (
    <Tooltip text={text} side="top">
      <button
        type="button"
        className={`badge ${tone} nodrag`}
        tabIndex={-1}
        aria-label={shown.map((i) => pick(i.message)).join(' ')}
      >
        <Icon name={tone === 'bad' ? 'close' : 'warn'} size={12} />
      </button>
    </Tooltip>
  )
}
