import { count, short } from '../analysis/format.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Button, IconButton } from '../kit/Button.tsx'
import { bestOf, errorOf, MOST, measureOf, modelsOf, protocolOf } from './compare.ts'
import { Silhouette } from './Silhouette.tsx'
import type { Model } from './search.ts'
import './compare.css'

interface Props {
  readonly ids: readonly string[]
  onRemove(id: string): void
  onClear(): void
  onOpen(): void
}

/** The models chosen to be compared, at the foot of the gallery: their figures in a row each, side by side on demand. */
export function CompareTray({ ids, onRemove, onClear, onOpen }: Props) {
  const t = useText('gallery')
  const models = modelsOf(ids)
  const largest = (of: (model: Model) => number) => Math.max(...models.map(of), 1)
  const most = {
    trainable: largest(({ analysis }) => analysis.totals.trainable),
    macs: largest(({ analysis }) => analysis.totals.macs),
    error: largest(({ preset }) => errorOf(preset) ?? 0),
  }
  const best = bestOf(models)
  return (
    <section className="tray" aria-label={t('compare.label')}>
      <table>
        <thead>
          <tr>
            <th scope="col" aria-live="polite">
              {t('compare.count', { count: models.length, most: MOST })}
            </th>
            <th scope="col">{t('compare.trainable')}</th>
            <th scope="col">{t('compare.macs')}</th>
            <th scope="col">{t('card.depth')}</th>
            <th scope="col">{t('card.error')}</th>
            <th scope="col">
              <span className="sr-only">{t('compare.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <Row
              key={model.preset.id}
              model={model}
              most={most}
              best={best === model.preset.id}
              onRemove={onRemove}
            />
          ))}
        </tbody>
      </table>
      <Chips models={models} onRemove={onRemove} />
      <div className="tray-actions">
        <Button icon="compare" disabled={models.length < 2} onClick={onOpen}>
          {t('compare.open')}
        </Button>
        <Button variant="quiet" onClick={onClear}>
          {t('compare.clear')}
        </Button>
        {models.length < 2 && <p className="t3 xs">{t('compare.more')}</p>}
      </div>
    </section>
  )
}

/** What low windows have room for instead of the table. */
function Chips({ models, onRemove }: { models: readonly Model[]; onRemove(id: string): void }) {
  const t = useText('gallery')
  return (
    <ul className="tray-chips" aria-label={t('compare.count', { count: models.length, most: MOST })}>
      {models.map((model) => (
        <li key={model.preset.id} className="chip">
          <Name model={model} />
          <Remove model={model} onRemove={onRemove} />
        </li>
      ))}
    </ul>
  )
}

function Name({ model: { preset, analysis } }: { model: Model }) {
  const pick = usePick()
  return (
    <>
      <span className="tray-drawing">
        <Silhouette analysis={analysis} width={150} height={54} />
      </span>
      <span className="ell">{pick(preset.title)}</span>
    </>
  )
}

function Remove({ model: { preset }, onRemove }: { model: Model; onRemove(id: string): void }) {
  const t = useText('gallery')
  const pick = usePick()
  return (
    <IconButton
      icon="close"
      size="sm"
      side="top"
      label={t('compare.remove', { name: pick(preset.title) })}
      onClick={() => onRemove(preset.id)}
    />
  )
}

interface RowProps {
  readonly model: Model
  readonly most: { readonly trainable: number; readonly macs: number; readonly error: number }
  readonly best: boolean
  onRemove(id: string): void
}

function Row({ model, most, best, onRemove }: RowProps) {
  const pick = usePick()
  const { preset, analysis } = model
  const { trainable, macs, depth } = analysis.totals
  const error = errorOf(preset)
  return (
    <tr>
      <th scope="row">
        <Name model={model} />
      </th>
      <td>
        <Meter value={trainable} most={most.trainable} shown={count(trainable)} />
      </td>
      <td>
        <Meter value={macs} most={most.macs} shown={short(macs)} help={count(macs)} />
      </td>
      <td>{depth}</td>
      <td>
        {preset.published && error !== null ? (
          <span className="meter-with-note">
            <Meter value={error} most={most.error} shown={preset.published.value} best={best} />
            <span className="xs t3 ell" title={pick(preset.published.measure)}>
              {[measureOf(preset), protocolOf(pick(preset.published.measure))].filter(Boolean).join(' · ')}
            </span>
          </span>
        ) : (
          <span className="t3">–</span>
        )}
      </td>
      <td>
        <Remove model={model} onRemove={onRemove} />
      </td>
    </tr>
  )
}

interface MeterProps {
  readonly value: number
  readonly most: number
  readonly shown: string
  readonly help?: string
  /** The best of those compared. */
  readonly best?: boolean
}

/** A figure with a bar as long as its share of the largest. */
export function Meter({ value, most, shown, help, best }: MeterProps) {
  const t = useText('gallery')
  return (
    <span className="meter-row" title={help}>
      <span className="meter-number" data-best={best || undefined}>
        {shown}
        {best && <span className="sr-only">{t('compare.best')}</span>}
      </span>
      <span className="meter">
        <i style={{ width: `${(value / most) * 100}%` }} />
      </span>
    </span>
  )
}
