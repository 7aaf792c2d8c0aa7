import { RadioGroup } from 'radix-ui'
import { type CSSProperties, type FormEvent, useEffect, useId, useState } from 'react'
import type { RunSummary } from '../../core/protocol/contract.ts'
import { getHost } from '../host/host.ts'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Dialog } from '../kit/Dialog.tsx'
import { Field } from '../kit/Field.tsx'
import { useStore } from '../state/store.ts'
import { colourOf, RUN_COLOURS } from './runs.ts'

interface Props {
  readonly run: RunSummary
  onClose(): void
}

/** The name, the colour and the notes of a run, to be changed. */
export function RemarksDialog({ run, onClose }: Props) {
  const t = useText('runs')
  const changeRun = useStore((s) => s.run.changeRun)
  const [name, setName] = useState(run.name)
  const [notes, setNotes] = useState(run.notes ?? '')
  const before = useStore((s) => colourOf(s.run.list, run.runId))
  const [colour, setColour] = useState(before)
  const id = useId()
  const nameless = name.trim() === ''
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (nameless) return
    const changed = { name, notes, ...(colour === before ? {} : { colour }) }
    // what could not be kept is not lost with the dialog
    if (await changeRun({ runId: run.runId, ...changed })) onClose()
  }
  return (
    <Dialog
      open
      width={440}
      title={t('remarks.title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" form={id} variant="primary" disabled={nameless}>
            {t('remarks.save')}
          </Button>
        </>
      }
    >
      <form id={id} className="run-remarks" onSubmit={(event) => void submit(event)}>
        <Field
          label={t('remarks.name')}
          value={name}
          maxLength={200}
          error={nameless ? t('remarks.nameless') : null}
          onFocus={(event) => event.target.select()}
          onChange={setName}
        />
        <ColourChoice colour={colour} onChange={setColour} />
        <div className="field-group">
          <label className="field-label" htmlFor={`${id}-notes`}>
            {t('remarks.notes')}
          </label>
          <textarea
            id={`${id}-notes`}
            className="textarea"
            rows={5}
            maxLength={20_000}
            value={notes}
            placeholder={t('remarks.hint')}
            onChange={(event) => setNotes(event.target.value)}
          />
        </div>
      </form>
    </Dialog>
  )
}

/** Every colour that runs are drawn in, one of them chosen; arrow keys move between them. */
function ColourChoice({ colour, onChange }: { colour: number; onChange(colour: number): void }) {
  const t = useText('runs')
  const colours = Array.from({ length: RUN_COLOURS }, (_, i) => `${i + 1}`)
  return (
    <div className="field-group">
      <span className="field-label">{t('remarks.colour')}</span>
      <RadioGroup.Root
        className="run-colours"
        aria-label={t('remarks.colour')}
        orientation="horizontal"
        value={`${colour}`}
        onValueChange={(next) => onChange(Number(next))}
      >
        {colours.map((value) => (
          <RadioGroup.Item
            key={value}
            value={value}
            aria-label={t(`colour.${value}`)}
            title={t(`colour.${value}`)}
            style={{ '--run': `var(--run-${value})` } as CSSProperties}
          />
        ))}
      </RadioGroup.Root>
    </div>
  )
}

/** Asks before a run is deleted, and says whether it can be had back. */
export function DeleteDialog({ run, onClose }: Props) {
  const t = useText('runs')
  const deleteRun = useStore((s) => s.run.deleteRun)
  const [bin, setBin] = useState<boolean | null>(null)
  useEffect(() => {
    getHost()
      .call('app.info', undefined)
      .then(
        (info) => setBin(info.bin === true),
        () => setBin(false),
      )
  }, [])
  return (
    <Dialog
      open
      width={440}
      title={t('delete.title', { name: run.name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            variant="danger"
            icon="trash"
            disabled={bin === null}
            onClick={() => {
              void deleteRun(run.runId)
              onClose()
            }}
          >
            {t(bin ? 'delete.bin' : 'delete.confirm')}
          </Button>
        </>
      }
    >
      {bin !== null && <p>{t(bin ? 'delete.textBin' : 'delete.text')}</p>}
    </Dialog>
  )
}
