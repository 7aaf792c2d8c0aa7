import { useState } from 'react'
import { defaultRecipe } from '../../core/network/recipe.ts'
import type { Augment } from '../../core/network/schema.ts'
import { count, shape } from '../analysis/format.ts'
import { DataPanel } from '../data/DataPanel.tsx'
import { Reading, ReadingStopped } from '../data/Reading.tsx'
import { SourceFields } from '../data/SourceFields.tsx'
import { usePick, useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import type { TrainRequest } from '../state/run.ts'
import { useStore } from '../state/store.ts'
import { type Draft, fits } from './draft.ts'
import type { Describing, Description } from './useDescription.ts'

interface Props {
  readonly request: TrainRequest
  readonly draft: Draft
  readonly describing: Describing
  onChange(change: Partial<Draft>): void
}

/** Which data to train on, what is in it, and the way to look at it. */
export function DataChoice({ request, draft, describing, onChange }: Props) {
  const t = useText('training')
  const data = useText('data')
  const [looking, setLooking] = useState(false)
  const { description } = describing
  const bad = description.state === 'bad' ? description.message : null
  return (
    <fieldset className="train-part">
      <legend className="cap">{t('data.title')}</legend>
      <SourceFields draft={draft} error={draft.source === 'digits' ? null : bad} onChange={onChange} />
      <div className="data-summary" role="status" hidden={draft.source !== 'digits' && bad !== null}>
        {description.state === 'ready' && <Summary data={description.data} />}
        {description.state === 'reading' && (
          <Reading reading={description.reading} onStop={describing.stop} />
        )}
        {description.state === 'stopped' && (
          <ReadingStopped reading={description.reading} onAgain={describing.again} />
        )}
        {description.state === 'none' && <p className="t3 sm">{t(`data.need.${draft.source}`)}</p>}
        {draft.source === 'digits' && bad && <p className="field-note bad">{bad}</p>}
      </div>
      <Button className="look-at-data" size="sm" icon="table" onClick={() => setLooking(true)}>
        {data('open')}
      </Button>
      {looking && <Look {...{ request, draft, describing, onChange }} onClose={() => setLooking(false)} />}
    </fieldset>
  )
}

/** The data as this run would use it; settings go into what is asked of the run. */
function Look({ request, draft, describing, onChange, onClose }: Props & { onClose(): void }) {
  const t = useText('data')
  const train = useStore((s) => s.run.train)
  const notify = useStore((s) => s.ui.notify)
  const { augment: asked, ...config } = request.config
  const recipe = request.document.recipe ?? defaultRecipe
  const document = asked ? { ...request.document, recipe: { ...recipe, augment: asked } } : request.document
  const use = (augment: Augment | undefined) => {
    const { augment: _, ...others } = recipe
    train({
      document: { ...request.document, recipe: augment ? { ...others, augment } : others },
      config,
    })
    notify('ok', t('augment.used'))
  }
  return (
    <DataPanel
      document={document}
      draft={draft}
      seed={fits('seed', draft.seed) ? Number(draft.seed) : 1}
      validation={fits('validation', draft.validation) ? Number(draft.validation) / 100 : 0.1}
      weights={draft.classWeights}
      describing={describing}
      onSource={onChange}
      onAugment={use}
      onWeights={(classWeights) => onChange({ classWeights })}
      onClose={onClose}
    />
  )
}

/** More bars than this have no room for names below them. */
const MOST_NAMED = 24

function Summary({ data }: { data: Description }) {
  const t = useText('training')
  const most = data.perClass.reduce((a, b) => Math.max(a, b), 1)
  const named = data.classes.length <= MOST_NAMED
  const balance = data.classes.map((name, i) => `${name}: ${count(data.perClass[i] ?? 0)}`).join(', ')
  return (
    <>
      <p className="sm">
        <b>{t('data.images', { count: data.count, shown: count(data.count) })}</b>
        <span className="t2">
          {' · '}
          {t('data.classes', { count: data.classes.length })} · {shape(data.shape)}
        </span>
      </p>
      <div
        className={named ? 'balance' : 'balance many'}
        role="img"
        aria-label={t('data.balance', { balance })}
      >
        {data.classes.map((name, i) => (
          <span key={name} title={`${name}: ${count(data.perClass[i] ?? 0)}`}>
            <i style={{ height: ((data.perClass[i] ?? 0) / most) * 30 }} />
            {named && <small>{name}</small>}
          </span>
        ))}
      </div>
      {data.skipped && <Skipped files={data.skipped} />}
    </>
  )
}

/** Longer lists are cut: whoever has thousands of bad files repairs the first ones first. */
const MOST_LISTED = 200

function Skipped({ files }: { files: NonNullable<Description['skipped']> }) {
  const t = useText('training')
  const pick = usePick()
  const more = files.length - MOST_LISTED
  return (
    <details className="skipped">
      <summary>{t('data.skipped', { count: files.length, shown: count(files.length) })}</summary>
      <ul className="skipped-list">
        {files.slice(0, MOST_LISTED).map(({ file, reason, text }) => (
          <li key={file}>
            <span title={file}>{file}</span> <span className="t3">{text ? pick(text) : reason}</span>
          </li>
        ))}
        {more > 0 && <li className="t3">{t('data.skippedMore', { shown: count(more) })}</li>}
      </ul>
    </details>
  )
}
