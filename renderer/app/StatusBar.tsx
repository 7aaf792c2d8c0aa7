import { anatomyOf } from '../../core/drawing/size.ts'
import { count } from '../analysis/format.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'
import { Arranging } from './Arranging.tsx'

/** The line at the foot: what is kept, what is selected, what is wrong. */
export function StatusBar() {
  const t = useText('app')
  const layers = useStore((s) => s.document.document.layers)
  const trainable = useStore((s) => s.document.analysis.totals.trainable)
  const dirty = useStore((s) => s.document.dirty)
  return (
    <footer className="status">
      <span className="row">
        <Icon name={dirty ? 'clock' : 'check'} size={12} />
        {dirty ? t('autosaved') : t('allSaved')}
      </span>
      <span>{t('layerCount', { count: layers.length, figure: count(layers.length) })}</span>
      <span>{t('trainableCount', { count: trainable, figure: count(trainable) })}</span>
      <Selected />
      <Arranging />
      <span className="grow" />
      <ProblemCount />
    </footer>
  )
}

function Selected() {
  const t = useText('app')
  const pick = usePick()
  const layers = useStore((s) => s.document.document.layers)
  const selection = useStore((s) => s.view.selection)
  const [only] = layers.filter((layer) => selection.includes(layer.id))
  if (!only) return null
  const kind = anatomyOf(only).kind
  return (
    <span className="ell" aria-live="polite">
      {selection.length === 1
        ? t('oneSelected', { name: only.name, kind: kind ? pick(kind.title) : only.kind })
        : t('selected', { count: selection.length, figure: count(selection.length) })}
    </span>
  )
}

function ProblemCount() {
  const t = useText('app')
  const issues = useStore((s) => s.document.analysis.issues)
  const show = useStore((s) => s.view.showDrawer)
  const errors = issues.filter((issue) => issue.severity === 'error').length
  const warnings = issues.filter((issue) => issue.severity === 'warning').length
  const open = () => show(true, 'problems')
  return (
    <button type="button" className={`status-problems ${errors ? 'bad' : ''}`} onClick={open}>
      <Icon name={errors ? 'error' : warnings ? 'warn' : 'ok'} size={12} />
      <span aria-live="polite">
        {errors > 0 && t('errorCount', { count: errors })}
        {errors > 0 && warnings > 0 && ', '}
        {warnings > 0 && t('warningCount', { count: warnings })}
        {errors + warnings === 0 && t('noProblems')}
      </span>
    </button>
  )
}
