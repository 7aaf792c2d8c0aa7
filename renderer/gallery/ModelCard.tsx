import { useId } from 'react'
import { count, short } from '../analysis/format.ts'
import { confirmLoss } from '../app/files.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { useStore } from '../state/store.ts'
import { defaultConfig } from '../training/draft.ts'
import { editNetwork } from './open.ts'
import { Silhouette } from './Silhouette.tsx'
import type { Model } from './search.ts'

/** A documented model: its drawing and figures, both from its own document, and the two things to do with it. */
export function ModelCard({ model }: { model: Model }) {
  const { preset, document, analysis } = model
  const t = useText('gallery')
  const pick = usePick()
  const starting = useStore((s) => s.run.starting)
  const start = useStore((s) => s.run.start)
  const titleId = useId()
  const { totals } = analysis
  const facts: readonly (readonly [string, string, string])[] = [
    [t('card.parameters'), count(totals.trainable), t('card.exactly', { value: count(totals.trainable) })],
    [t('card.macs'), short(totals.macs), t('card.exactly', { value: count(totals.macs) })],
    [t('card.depth'), String(totals.depth), t('card.depthHelp')],
    [
      t('card.error'),
      preset.published?.value ?? '–',
      preset.published ? pick(preset.published.measure) : t('card.noError'),
    ],
  ]
  return (
    <li className="card" aria-labelledby={titleId}>
      <div className="card-drawing">
        <Silhouette analysis={analysis} width={300} height={104} />
      </div>
      <div className="card-body">
        <div className="row baseline">
          <h2 id={titleId} className="grow">
            {pick(preset.title)}
          </h2>
          <span className="t3 sm">{preset.year}</span>
        </div>
        <p className="t2 sm card-summary">{pick(preset.summary)}</p>
        <dl className="card-facts">
          {facts.map(([name, value, help]) => (
            <div key={name} title={help}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p className="t3 xs card-note">
          <CardNote model={model} />
        </p>
        <div className="card-actions">
          <Button aria-describedby={titleId} onClick={() => confirmLoss() && editNetwork(document)}>
            {t('card.open')}
          </Button>
          <Button
            icon="play"
            aria-describedby={titleId}
            disabled={starting}
            onClick={() => void start(document, defaultConfig(document, preset.data))}
          >
            {t('card.train')}
          </Button>
          <span className="t3 xs grow">
            {t('card.data', { data: t(`data.${preset.data}`, { defaultValue: preset.data }) })}
          </span>
        </div>
      </div>
    </li>
  )
}

/** Figures that are quoted otherwise elsewhere, with the reason, and where the published error comes from. */
function CardNote({ model: { preset, analysis } }: { model: Model }) {
  const t = useText('gallery')
  const pick = usePick()
  const { connections } = preset.figures
  const { url, citation } = preset.paper
  return (
    <>
      {preset.published && <>{pick(preset.published.measure)}. </>}
      {connections !== undefined && (
        <>
          {t('card.connections', {
            connections: count(analysis.totals.connections),
            macs: count(analysis.totals.macs),
          })}{' '}
        </>
      )}
      {url ? (
        <a href={url} target="_blank" rel="noreferrer">
          {citation}
        </a>
      ) : (
        citation
      )}
    </>
  )
}
