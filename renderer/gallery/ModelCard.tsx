import { memo, useId, useRef, useState } from 'react'
import type { Preset } from '../../presets/preset.ts'
import { count, short } from '../analysis/format.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Button, IconButton } from '../kit/Button.tsx'
import { measureOf } from './compare.ts'
import { OptionsDialog } from './OptionsDialog.tsx'
import { Silhouette } from './Silhouette.tsx'
import { type Group, isPart, type Model, modelOf, shownOf } from './search.ts'
import { useOpening } from './useOpening.ts'
import { useSeen } from './useSeen.ts'

interface Props {
  readonly group: Group
  /** Chosen on the family tree. */
  readonly chosen: boolean
  /** Ids of the models that are being compared. */
  readonly comparing: readonly string[]
  /** As many are compared as fit. */
  readonly full: boolean
  onCompare(id: string): void
}

/**
 * A family of documented models: one member's drawing and figures, both from its own document, the others a click
 * away, and what to do with it. What is out of sight is not built yet.
 */
export const ModelCard = memo(function ModelCard({ group, chosen, comparing, full, onCompare }: Props) {
  const t = useText('gallery')
  const pick = usePick()
  const [member, setMember] = useState<string | null>(null)
  const card = useRef<HTMLLIElement>(null)
  const seen = useSeen(card)
  const titleId = useId()
  const preset = group.members.find(({ id }) => id === member) ?? shownOf(group)
  const model = seen ? modelOf(preset) : null
  return (
    <li
      className="card"
      ref={card}
      id={`card-${group.family.id}`}
      data-chosen={chosen || undefined}
      aria-labelledby={titleId}
    >
      <div className="card-drawing">
        {model && <Silhouette analysis={model.analysis} document={model.document} width={300} height={104} />}
      </div>
      <div className="card-body">
        <div className="row baseline">
          <h2 id={titleId} className="grow">
            {pick(preset.title)}
          </h2>
          <span className="t3 sm">{preset.year}</span>
        </div>
        {group.members.length > 1 ? (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a frame and a legend
          <div className="variants" role="group" aria-label={t('card.variants')}>
            {group.members.map((other) => (
              <button
                key={other.id}
                type="button"
                aria-pressed={other === preset}
                title={pick(other.title)}
                onClick={() => setMember(other.id)}
              >
                {pick(other.variant)}
              </button>
            ))}
          </div>
        ) : (
          <p className="t3 xs variant">{pick(preset.variant)}</p>
        )}
        <Facts preset={preset} model={model} />
        <p className="t2 sm card-summary">{pick(preset.summary)}</p>
        {preset.quoted && (
          <p className="card-quoted xs">
            <b>{t('card.quoted')}</b> {pick(preset.quoted)}
          </p>
        )}
        <More preset={preset} />
        <Actions
          preset={preset}
          titleId={titleId}
          compared={comparing.includes(preset.id)}
          full={full}
          part={model !== null && isPart(model)}
          onCompare={onCompare}
        />
      </div>
    </li>
  )
})

function Facts({ preset, model }: { preset: Preset; model: Model | null }) {
  const t = useText('gallery')
  const pick = usePick()
  const { trainable, depth } = preset.figures
  const macs = model?.analysis.totals.macs
  const measure = measureOf(preset)
  const facts: readonly (readonly [string, string, string])[] = [
    [t('card.parameters'), short(trainable), t('card.exactly', { value: count(trainable) })],
    [
      t('card.macs'),
      macs === undefined ? '…' : short(macs),
      t('card.exactly', { value: macs === undefined ? '…' : count(macs) }),
    ],
    [t('card.depth'), String(depth), t('card.depthHelp')],
    [
      measure ? t('card.errorOf', { measure }) : t('card.error'),
      preset.published?.value ?? '–',
      preset.published ? pick(preset.published.measure) : t('card.noError'),
    ],
  ]
  return (
    <dl className="card-facts">
      {facts.map(([name, value, help]) => (
        <div key={name} title={help}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The paper, how its error was measured, and how it was trained. */
function More({ preset }: { preset: Preset }) {
  const t = useText('gallery')
  const pick = usePick()
  const { url, citation } = preset.paper
  return (
    <details className="card-more xs t2">
      <summary>{t(preset.paperRecipe ? 'card.more' : 'card.paper')}</summary>
      <p>
        {url ? (
          <a href={url} target="_blank" rel="noreferrer">
            {citation}
          </a>
        ) : (
          citation
        )}
      </p>
      {preset.published && (
        <p>
          {preset.published.value}: {pick(preset.published.measure)}.
        </p>
      )}
      {preset.paperRecipe && <p>{pick(preset.paperRecipe)}</p>}
    </details>
  )
}

interface ActionsProps {
  readonly preset: Preset
  readonly titleId: string
  readonly compared: boolean
  readonly full: boolean
  /** A module without classes at its end. */
  readonly part: boolean
  onCompare(id: string): void
}

function Actions({ preset, titleId, compared, full, part, onCompare }: ActionsProps) {
  const t = useText('gallery')
  const { open, train, starting } = useOpening(preset)
  const [adjusting, setAdjusting] = useState(false)
  const on = part
    ? t('card.part')
    : preset.data === null
      ? t('card.ownData')
      : t('card.data', { data: t(`data.${preset.data}`, { defaultValue: preset.data }) })
  return (
    <div className="card-actions">
      <Button aria-describedby={titleId} onClick={() => open({})}>
        {t('card.open')}
      </Button>
      <Button
        icon="play"
        aria-describedby={titleId}
        title={on}
        disabled={starting || part}
        onClick={() => train({})}
      >
        {t('card.train')}
      </Button>
      {Object.keys(preset.options).length > 0 && (
        <IconButton icon="settings" label={t('options.label')} onClick={() => setAdjusting(true)} />
      )}
      <label className="card-compare" title={full && !compared ? t('compare.full') : undefined}>
        <input
          type="checkbox"
          aria-describedby={titleId}
          checked={compared}
          disabled={full && !compared}
          onChange={() => onCompare(preset.id)}
        />
        {t('card.compare')}
      </label>
      {adjusting && (
        <OptionsDialog preset={preset} onClose={() => setAdjusting(false)} onOpen={open} onTrain={train} />
      )}
    </div>
  )
}
