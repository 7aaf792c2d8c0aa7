import { useEffect, useState } from 'react'
import { count, shape } from '../analysis/format.ts'
import { describeError } from '../host/errors.ts'
import { useHost } from '../host/index.tsx'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Segmented } from '../kit/Choice.tsx'
import { Field } from '../kit/Field.tsx'
import { useStore } from '../state/store.ts'
import type { Draft, SourceKind } from './draft.ts'
import type { Description, DescriptionState } from './useDescription.ts'

interface Props {
  readonly draft: Draft
  readonly description: DescriptionState
  onChange(change: Partial<Draft>): void
}

/** Which data to train on, and what is in it. */
export function DataChoice({ draft, description, onChange }: Props) {
  const t = useText('training')
  const bad = description.state === 'bad' ? description.message : null
  return (
    <fieldset className="train-part">
      <legend className="cap">{t('data.title')}</legend>
      <Segmented
        label={t('data.title')}
        value={draft.source}
        fill
        options={(['digits', 'mnist', 'cifar10'] as const).map((value) => ({
          value,
          label: t(`data.${value}`),
        }))}
        onChange={(source: SourceKind) => onChange({ source })}
      />
      {draft.source !== 'digits' && <Folder draft={draft} error={bad} onChange={onChange} />}
      <div className="data-summary" role="status" hidden={draft.source !== 'digits' && bad !== null}>
        {description.state === 'ready' && <Summary data={description.data} />}
        {description.state === 'reading' && <p className="t3 sm">{t('data.reading')}</p>}
        {description.state === 'none' && <p className="t3 sm">{t(`data.need.${draft.source}`)}</p>}
        {draft.source === 'digits' && bad && <p className="field-note bad">{bad}</p>}
      </div>
    </fieldset>
  )
}

function Folder({
  draft,
  error,
  onChange,
}: {
  draft: Draft
  error: string | null
  onChange: Props['onChange']
}) {
  const t = useText('training')
  const host = useHost()
  const notify = useStore((s) => s.ui.notify)
  const [dialogs, setDialogs] = useState(false)
  useEffect(() => {
    host.call('app.info', undefined).then(
      (info) => setDialogs(info.dialogs),
      () => setDialogs(false),
    )
  }, [host])
  const choose = async () => {
    try {
      const chosen = await host.call('data.choose', undefined)
      if (chosen) onChange({ folder: chosen.path })
    } catch (failure) {
      notify('bad', describeError(failure))
    }
  }
  return (
    <div className="folder">
      <Field
        label={t('data.folder')}
        icon="folder"
        value={draft.folder}
        placeholder={t('data.folderExample')}
        error={error}
        onChange={(folder) => onChange({ folder })}
      />
      {dialogs && <Button onClick={() => void choose()}>{t('data.choose')}</Button>}
    </div>
  )
}

function Summary({ data }: { data: Description }) {
  const t = useText('training')
  const most = Math.max(1, ...data.perClass)
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
      <div className="balance" role="img" aria-label={t('data.balance', { balance })}>
        {data.classes.map((name, i) => (
          <span key={name} title={`${name}: ${count(data.perClass[i] ?? 0)}`}>
            <i style={{ height: ((data.perClass[i] ?? 0) / most) * 30 }} />
            <small>{name}</small>
          </span>
        ))}
      </div>
    </>
  )
}
