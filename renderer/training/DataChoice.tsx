import { useEffect, useState } from 'react'
import type { DataFileKind } from '../../core/protocol/contract.ts'
import { count, shape } from '../analysis/format.ts'
import { describeError } from '../host/errors.ts'
import { useHost } from '../host/index.tsx'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Select } from '../kit/Choice.tsx'
import { Field } from '../kit/Field.tsx'
import { useStore } from '../state/store.ts'
import { type Draft, fileKindOf, isFile, type SourceKind, sourceKinds } from './draft.ts'
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
      <Select
        label={t('data.title')}
        value={draft.source}
        options={sourceKinds.map((value) => ({
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
  const choose = async (kind?: DataFileKind) => {
    try {
      const chosen = await host.call('data.choose', kind && { kind })
      if (chosen) onChange({ folder: chosen.path })
    } catch (failure) {
      notify('bad', describeError(failure))
    }
  }
  const file = isFile(draft.source)
  const kind = fileKindOf(draft.source)
  return (
    <div className="folder">
      <Field
        label={t(file ? 'data.file' : draft.source === 'folder' ? 'data.folderOrArchive' : 'data.path')}
        icon={file ? 'file' : 'folder'}
        value={draft.folder}
        placeholder={t(file ? 'data.fileExample' : 'data.folderExample')}
        error={error}
        onChange={(folder) => onChange({ folder })}
      />
      {dialogs && !file && <Button onClick={() => void choose()}>{t('data.choose')}</Button>}
      {dialogs && kind && (
        <Button onClick={() => void choose(kind)}>
          {t(file ? 'data.chooseFile' : 'data.chooseArchive')}
        </Button>
      )}
    </div>
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
  const more = files.length - MOST_LISTED
  return (
    <details className="skipped">
      <summary>{t('data.skipped', { count: files.length, shown: count(files.length) })}</summary>
      <ul className="skipped-list">
        {files.slice(0, MOST_LISTED).map(({ file, reason }) => (
          <li key={file}>
            <span title={file}>{file}</span> <span className="t3">{reason}</span>
          </li>
        ))}
        {more > 0 && <li className="t3">{t('data.skippedMore', { shown: count(more) })}</li>}
      </ul>
    </details>
  )
}
