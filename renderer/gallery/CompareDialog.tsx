import { Fragment, type ReactNode } from 'react'
import { pathsOf, showWays } from '../../core/analysis/paths.ts'
import { bytes, count, percent, shape } from '../analysis/format.ts'
import { sharesOf } from '../analysis/shares.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Dialog } from '../kit/Dialog.tsx'
import { Meter } from './CompareTray.tsx'
import { bestOf, errorOf, measureOf, modelsOf, protocolOf } from './compare.ts'
import { Silhouette } from './Silhouette.tsx'
import type { Model } from './search.ts'
import { useOpening } from './useOpening.ts'
import './side-by-side.css'

interface Props {
  readonly ids: readonly string[]
  onClose(): void
}

/** Two to four models side by side: a column each, a line a figure, bars to one scale. */
export function CompareDialog({ ids, onClose }: Props) {
  const t = useText('gallery')
  const pick = usePick()
  const models = modelsOf(ids)
  return (
    <Dialog
      open
      title={t('compare.title')}
      width={Math.max(640, 190 + models.length * 240)}
      onClose={onClose}
    >
      <table className="side-by-side">
        <thead>
          <tr>
            <td />
            {models.map(({ preset, analysis, document }) => (
              <th key={preset.id} scope="col">
                <span className="side-drawing">
                  <Silhouette analysis={analysis} document={document} width={230} height={84} />
                </span>
                <b>{pick(preset.title)}</b>
                <span className="t3 sm">{preset.year}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Figures models={models} />
          <tr>
            <td />
            {models.map((model) => (
              <td key={model.preset.id}>
                <Ways model={model} onDone={onClose} />
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </Dialog>
  )
}

function Ways({ model: { preset }, onDone }: { model: Model; onDone(): void }) {
  const t = useText('gallery')
  const pick = usePick()
  const { open, train, starting } = useOpening(preset)
  const name = pick(preset.title)
  return (
    <span className="row">
      <Button
        aria-label={t('card.openOne', { name })}
        onClick={() => {
          onDone()
          open({})
        }}
      >
        {t('card.open')}
      </Button>
      <Button
        icon="play"
        disabled={starting}
        aria-label={t('card.trainOne', { name })}
        onClick={() => {
          onDone()
          train({})
        }}
      >
        {t('card.train')}
      </Button>
    </span>
  )
}

function Figures({ models }: { models: readonly Model[] }) {
  const t = useText('gallery')
  const pick = usePick()
  const best = bestOf(models)
  const meters = (of: (model: Model) => number, show: (value: number) => string) => {
    const most = Math.max(...models.map(of), 1)
    return (model: Model) => <Meter value={of(model)} most={most} shown={show(of(model))} />
  }
  const errors = Math.max(...models.map(({ preset }) => errorOf(preset) ?? 0), 1)
  const lines: readonly (readonly [name: string, cell: (model: Model) => ReactNode])[] = [
    [
      t('compare.shapes'),
      ({ analysis }) => `${shape(analysis.input ?? [])} → ${shape(analysis.output ?? [])}`,
    ],
    [t('compare.trainable'), meters(({ analysis }) => analysis.totals.trainable, count)],
    [t('compare.fixed'), ({ analysis }) => count(analysis.totals.nonTrainable)],
    [t('compare.macs'), meters(({ analysis }) => analysis.totals.macs, count)],
    [t('compare.memory'), meters(({ analysis }) => analysis.totals.activationBytes, bytes)],
    [t('card.depth'), meters(({ analysis }) => analysis.totals.depth, count)],
    [
      t('compare.field'),
      ({ analysis: { totals } }) => (totals.receptiveField ? shape(totals.receptiveField) : '–'),
    ],
    [
      t('compare.ways'),
      ({ document }) => {
        const paths = pathsOf(document)
        return paths ? showWays(paths.count) : '1'
      },
    ],
    [t('compare.parametersBy'), (model) => <Shares model={model} figure="trainable" />],
    [t('compare.macsBy'), (model) => <Shares model={model} figure="macs" />],
    [
      t('card.error'),
      ({ preset }) =>
        preset.published ? (
          <>
            <Meter
              value={errorOf(preset) ?? 0}
              most={errors}
              shown={preset.published.value}
              best={best === preset.id}
            />
            <span className="xs t3 block">
              {[measureOf(preset), protocolOf(pick(preset.published.measure))].filter(Boolean).join(' · ')}
            </span>
          </>
        ) : (
          <span className="t3">{t('compare.none')}</span>
        ),
    ],
  ]
  return lines.map(([name, cell]) => (
    <tr key={name}>
      <th scope="row">{name}</th>
      {models.map((model) => (
        <td key={model.preset.id}>{cell(model)}</td>
      ))}
    </tr>
  ))
}

/** A bar split by kind of layer, in the colours of the canvas, and the largest parts in words. */
function Shares({ model, figure }: { model: Model; figure: 'trainable' | 'macs' }) {
  const t = useText('gallery')
  const { parts: shares } = sharesOf(model.analysis, figure)
  return (
    <>
      <span className="shares" aria-hidden="true">
        {shares.map(({ category, share }) => (
          <i key={category} data-cat={category} style={{ width: `${share * 100}%` }} />
        ))}
      </span>
      <span className="xs t2 block">
        {shares
          .filter(({ share }) => share >= 0.005)
          .slice(0, 3)
          .map(({ category, share }, i) => (
            <Fragment key={category}>
              {i > 0 && ' · '}
              {t(`category.${category}`)} {percent(share, 0)}
            </Fragment>
          ))}
      </span>
    </>
  )
}
