import { useMemo, useState } from 'react'
import { useText } from '../i18n/index.ts'
import { IconButton } from '../kit/Button.tsx'
import type { Sort } from '../kit/sort.ts'
import { useStore } from '../state/store.ts'
import { saveBytes } from '../training/download.ts'
import { csvOf } from './csv.ts'
import { LayerTable } from './LayerTable.tsx'
import { Overview } from './Overview.tsx'
import { type Column, rowsOf } from './rows.ts'
import './analysis.css'

export { AnalysisTotals } from './AnalysisTotals.tsx'

/** The network in figures: layer by layer as a table that can be taken along, or at a glance. */
export function AnalysisDrawer() {
  const t = useText('analysis')
  const analysis = useStore((s) => s.document.analysis)
  const name = useStore((s) => s.document.document.name)
  const [glance, setGlance] = useState(false)
  const [sort, setSort] = useState<Sort<Column> | null>(null)
  const rows = useMemo(() => rowsOf(analysis, sort), [analysis, sort])
  if (rows.length === 0) return <p className="analysis-empty t3">{t('empty')}</p>
  return (
    <div className="analysis-views">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a frame and a legend */}
      <div className="analysis-rail" role="group" aria-label={t('view.label')}>
        <IconButton
          icon="table"
          side="right"
          label={t('view.table')}
          pressed={!glance}
          onClick={() => setGlance(false)}
        />
        <IconButton
          icon="chart"
          side="right"
          label={t('view.glance')}
          pressed={glance}
          onClick={() => setGlance(true)}
        />
        <span className="grow" />
        <IconButton
          icon="export"
          side="right"
          label={t('view.csv')}
          onClick={() => saveBytes(`${name}.csv`, new TextEncoder().encode(csvOf(rows)))}
        />
      </div>
      {glance ? <Overview /> : <LayerTable rows={rows} sort={sort} onSort={setSort} />}
    </div>
  )
}
