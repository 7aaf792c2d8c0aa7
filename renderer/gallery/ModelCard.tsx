import { memo, useId, useRef, useState } from 'react'
import type { OptionValues, Preset } from '../../presets/preset.ts'
import { count, short } from '../analysis/format.ts'
import { confirmLoss } from '../app/files.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Button, IconButton } from '../kit/Button.tsx'
import { useStore } from '../state/store.ts'
import { defaultConfig, rememberedSource } from '../training/draft.ts'
import { OptionsDialog } from './OptionsDialog.tsx'
import { editNetwork } from './open.ts'
import { Silhouette } from './Silhouette.tsx'
import { type Group, type Model, modelOf, modelWith, shownOf } from './search.ts'
import { useSeen } from './useSeen.ts'

/**
 * A family of documented models: one member's drawing and figures, both from its own document, the others a click
 * away, and what to do with it. What is out of sight is not built yet.
 */
export const ModelCard = memo(function ModelCard({ group }: { group: Group }) {
  const t = useText('gallery')
  const pick = usePick()
  const [chosen, setChosen] = useState<string | null>(null)
  const card = useRef<HTMLLIElement>(null)
  const seen = useSeen(card)
  const titleId = useId()
  const preset = group.members.find((member) => member.id === chosen) ?? shownOf(group)
  const model = seen ? modelOf(preset) : null
  return (
    <li className="card" ref={card} aria-labelledby={titleId}>
      <div className="card-drawing">
        {model && <Silhouette analysis={model.analysis} width={300} height={104} />}
      </div>
      <div className="card-body">
        <div className="row baseline">
          <h2 id={titleId} className="grow">
            {pick(preset.title)}
          </h2>
          <span className="t3 sm">{preset.year}</span>
        </div>
        {group.members.length > 1 && (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a frame and a legend
          <div className="variants" role="group" aria-label={t('card.variants')}>
            {group.members.map((member) => (
              <button
                key={member.id}
                type="button"
                aria-pressed={member === preset}
                title={pick(member.title)}
                onClick={() => setChosen(member.id)}
              >
                {pick(member.variant)}
              </button>
            ))}
          </div>
        )}
        <p className="t2 sm card-summary">{pick(preset.summary)}</p>
        <Facts preset={preset} model={model} />
        <p className="t3 xs card-note">
          <CardNote preset={preset} />
        </p>
        {preset.paperRecipe && (
          <details className="card-recipe xs t2">
            <summary>{t('card.recipe')}</summary>
            <p>{pick(preset.paperRecipe)}</p>
          </details>
        )}
        <Actions preset={preset} titleId={titleId} />
      </div>
    </li>
  )
})

function Facts({ preset, model }: { preset: Preset; model: Model | null }) {
  const t = useText('gallery')
  const pick = usePick()
  const { trainable, depth } = preset.figures
  const macs = model?.analysis.totals.macs
  const facts: readonly (readonly [string, string, string])[] = [
    [t('card.parameters'), short(trainable), t('card.exactly', { value: count(trainable) })],
    [
      t('card.macs'),
      macs === undefined ? '…' : short(macs),
      t('card.exactly', { value: macs === undefined ? '…' : count(macs) }),
    ],
    [t('card.depth'), String(depth), t('card.depthHelp')],
    [
      t('card.error'),
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

/** Where the published error comes from, and figures that are quoted otherwise elsewhere with the reason. */
function CardNote({ preset }: { preset: Preset }) {
  const pick = usePick()
  const { url, citation } = preset.paper
  return (
    <>
      {preset.published && <>{pick(preset.published.measure)}. </>}
      {preset.quoted && <>{pick(preset.quoted)} </>}
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

/** Where the training dialog begins: the pictures that were trained on last, else the kind the model was made for. */
function sourceFor({ task }: Preset): string {
  const last = rememberedSource()
  if (last?.startsWith('folder:') || last?.startsWith('cifar10:')) return last
  return task === 'cifar' ? 'cifar10:' : 'folder:'
}

function Actions({ preset, titleId }: { preset: Preset; titleId: string }) {
  const t = useText('gallery')
  const starting = useStore((s) => s.run.starting)
  const start = useStore((s) => s.run.start)
  const ask = useStore((s) => s.run.train)
  const [adjusting, setAdjusting] = useState(false)
  const open = (options: OptionValues) => {
    if (confirmLoss()) editNetwork(modelWith(preset, options).document)
  }
  const train = (options: OptionValues) => {
    const { document } = modelWith(preset, options)
    if (preset.data === null) ask({ document, config: { data: sourceFor(preset) } })
    else void start(document, defaultConfig(document, preset.data))
  }
  return (
    <div className="card-actions">
      <Button aria-describedby={titleId} onClick={() => open({})}>
        {t('card.open')}
      </Button>
      <Button icon="play" aria-describedby={titleId} disabled={starting} onClick={() => train({})}>
        {t('card.train')}
      </Button>
      {Object.keys(preset.options).length > 0 && (
        <IconButton icon="settings" label={t('options.label')} onClick={() => setAdjusting(true)} />
      )}
      <span className="t3 xs grow">
        {preset.data === null
          ? t('card.ownData')
          : t('card.data', { data: t(`data.${preset.data}`, { defaultValue: preset.data }) })}
      </span>
      {adjusting && (
        <OptionsDialog preset={preset} onClose={() => setAdjusting(false)} onOpen={open} onTrain={train} />
      )}
    </div>
  )
}
