import { presetOf } from '../../presets/index.ts'
import { useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { Tooltip } from '../kit/Tooltip.tsx'
import { useStore } from '../state/store.ts'
import { count, short } from './format.ts'
import { differences } from './rows.ts'

/** The totals for the drawer's row of tabs, and whether the network still is the paper's. */
export function AnalysisTotals() {
  const t = useText('analysis')
  const analysis = useStore((s) => s.document.analysis)
  const source = useStore((s) => s.document.document.preset)
  const preset = source && presetOf(source.id)
  const { totals } = analysis
  if (analysis.layers.size === 0) return null
  const other = preset ? differences(analysis, preset.figures) : []
  const wanted = other.map((name) => `${t(`figure.${name}`)} ${count(preset?.figures[name] ?? 0)}`).join(', ')
  return (
    <div className="analysis-totals">
      <span className="analysis-total">{t('totals.parameters', { value: count(totals.trainable) })}</span>
      <span className="analysis-total" title={t('totals.exactMacs', { value: count(totals.macs) })}>
        {t('totals.macs', { value: short(totals.macs) })}
      </span>
      {totals.connections > 0 && (
        <span className="analysis-total analysis-wide">
          {t('totals.connections', { value: count(totals.connections) })}
        </span>
      )}
      {preset && (
        <Tooltip
          text={
            other.length
              ? t('paper.differs', { wanted })
              : t('paper.same', { citation: preset.paper.citation })
          }
        >
          <span className={`analysis-total ${other.length ? 't3' : 'analysis-match'}`}>
            <Icon name={other.length ? 'edit' : 'check'} size={14} />
            {t(other.length ? 'paper.changed' : preset.published ? 'paper.matches' : 'paper.documented')}
          </span>
        </Tooltip>
      )}
    </div>
  )
}
