import { useEffect, useState } from 'react'
import type { DataFileKind } from '../../core/protocol/contract.ts'
import { describeError } from '../host/errors.ts'
import { useHost } from '../host/index.tsx'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Select } from '../kit/Choice.tsx'
import { Field } from '../kit/Field.tsx'
import { useStore } from '../state/store.ts'
import { type Draft, fileKindOf, isFile, type SourceKind, sourceKinds } from '../training/draft.ts'
import { DataDrop } from './DataDrop.tsx'

export type SourceDraft = Pick<Draft, 'source' | 'folder'>

interface Props {
  readonly draft: SourceDraft
  /** Why the folder or file can't be used. */
  readonly error: string | null
  onChange(change: Partial<SourceDraft>): void
}

/** Which data: its kind, and where it lies. */
export function SourceFields({ draft, error, onChange }: Props) {
  const t = useText('training')
  return (
    <>
      <Select
        label={t('data.title')}
        value={draft.source}
        options={sourceKinds.map((value) => ({
          value,
          label: t(`data.${value}`),
        }))}
        onChange={(source: SourceKind) => onChange({ source })}
      />
      {draft.source !== 'digits' && <Place draft={draft} error={error} onChange={onChange} />}
      <DataDrop onChange={onChange} />
    </>
  )
}

function Place({ draft, error, onChange }: Props) {
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
