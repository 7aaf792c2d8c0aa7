import { AnalysisDrawer, AnalysisTotals } from '../analysis/AnalysisDrawer.tsx'
import { useText } from '../i18n/index.ts'
import { IconButton } from '../kit/Button.tsx'
import { Tabs } from '../kit/Tabs.tsx'
import { useStore } from '../state/store.ts'
import { actions } from './actions.ts'
import { Problems } from './Problems.tsx'

/** The drawer under the canvas: the analysis of the network, and what is wrong with it. */
export function Drawer() {
  const t = useText('app')
  const open = useStore((s) => s.view.drawerOpen)
  const tab = useStore((s) => s.view.drawerTab)
  const show = useStore((s) => s.view.showDrawer)
  const issues = useStore((s) => s.document.analysis.issues)
  const problems = issues.filter((issue) => issue.severity !== 'info')
  const tone = problems.some((issue) => issue.severity === 'error') ? 'bad' : 'warn'
  if (!open) return null
  return (
    <section className="panel drawer" aria-label={t('drawer')}>
      <Tabs
        label={t('drawer')}
        value={tab}
        onChange={(next) => show(true, next)}
        tabs={[
          { value: 'analysis', label: t('analysis'), content: <AnalysisDrawer /> },
          { value: 'problems', label: t('problems'), count: problems.length, tone, content: <Problems /> },
        ]}
        trailing={
          <>
            <span className="grow" />
            <AnalysisTotals />
            <IconButton
              icon="down"
              size="sm"
              side="top"
              label={t('closeDrawer')}
              keys={actions.drawer.keys}
              onClick={() => show(false)}
            />
          </>
        }
      />
    </section>
  )
}
