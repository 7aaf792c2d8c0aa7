import type { Issue } from '../../core/network/issue.ts'
import { IssueExtras } from '../analysis/IssueExtras.tsx'
import { reveal } from '../canvas/blocks.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Empty } from '../kit/Empty.tsx'
import { Icon } from '../kit/Icon.tsx'
import type { IconName } from '../kit/icons.ts'
import { useStore } from '../state/store.ts'

const RANK = { error: 0, warning: 1, info: 2 } as const
const ICONS: Record<Issue['severity'], IconName> = { error: 'error', warning: 'warn', info: 'info' }

/** Everything the analysis has to say, errors first; a click goes to the layer. */
export function Problems() {
  const t = useText('app')
  const pick = usePick()
  const issues = useStore((s) => s.document.analysis.issues)
  const layers = useStore((s) => s.document.document.layers)
  const names = new Map(layers.map((layer) => [layer.id, layer.name]))
  const sorted = issues.toSorted((a, b) => RANK[a.severity] - RANK[b.severity])
  if (sorted.length === 0)
    return (
      <div className="scroll problems-none">
        <Empty icon="ok" title={t('noProblems')} />
      </div>
    )
  return (
    <ul className="scroll problems">
      {sorted.map((issue) => (
        <li key={`${issue.layer}${issue.code}${issue.message.en}`}>
          <button
            type="button"
            className={`problem ${issue.severity}`}
            disabled={!issue.layer}
            onClick={() => issue.layer && goTo(issue.layer)}
          >
            <Icon name={ICONS[issue.severity]} />
            <span className="problem-text">
              {pick(issue.message)}
              {issue.fix && <span className="t2"> {pick(issue.fix)}</span>}
            </span>
            <span className="t3">{names.get(issue.layer ?? '') ?? t('wholeNetwork')}</span>
          </button>
          <IssueExtras issue={issue} />
        </li>
      ))}
    </ul>
  )
}

function goTo(layer: string) {
  useStore.getState().view.select([layer])
  reveal([layer])
}
