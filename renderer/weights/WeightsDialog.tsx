import { useEffect, useMemo, useRef, useState } from 'react'
import { wordsOf } from '../../core/formats/error.ts'
import { NAMINGS, type Naming, renameFor } from '../../core/interchange/names/index.ts'
import { bytes } from '../analysis/format.ts'
import { describeError } from '../host/errors.ts'
import { useHost } from '../host/index.tsx'
import { usePick, useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Select, Switch } from '../kit/Choice.tsx'
import { Dialog } from '../kit/Dialog.tsx'
import { SearchField } from '../kit/Field.tsx'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'
import {
  countsOf,
  departuresOf,
  likeliestNaming,
  type RowState,
  readWeightsFile,
  rowsLike,
  rowsOf,
  type WeightsFile,
} from './match.ts'
import { loadRun } from './send.ts'
import { WeightsTable } from './WeightsTable.tsx'
import './weights.css'

/** Takes weights of a file for the network on the canvas: shows what goes where, and makes a run of both. */
export function WeightsDialog({ onClose }: { onClose(): void }) {
  const t = useText('weights')
  const pick = usePick()
  const document = useStore((s) => s.document.document)
  const [given, setGiven] = useState<WeightsFile | null>(null)
  const [naming, setNaming] = useState<Naming>('own')
  const [partial, setPartial] = useState(false)
  const { share, problem, setProblem, load, stop } = useLoading(onClose)
  const rows = useMemo(() => (given ? rowsOf(document, given, naming) : null), [document, given, naming])
  const counts = countsOf(rows ?? [])
  const whole = counts.missing === 0 && counts.extra === 0
  const ready = counts.matched > 0 && counts.misfit === 0 && (whole || partial) && share === null
  const take = async (file: File) => {
    setProblem(null)
    try {
      const read = await readWeightsFile(file)
      setGiven(read)
      setNaming(likeliestNaming(document, read))
      setPartial(false)
    } catch (error) {
      setGiven(null)
      setProblem(t('unreadable', { reason: pick(wordsOf(error)) }))
    }
  }
  const close = () => {
    stop()
    onClose()
  }
  return (
    <Dialog
      open
      width={860}
      title={t('title', { name: document.name })}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          {given && (
            <Button
              variant="primary"
              icon="import"
              disabled={!ready}
              onClick={() => void load(given.file, { document, names: naming, partial })}
            >
              {share === null ? t('load') : t('sending', { share: Math.round(100 * share) })}
            </Button>
          )}
        </>
      }
    >
      <div className="weights">
        <Chosen given={given} onFile={(file) => void take(file)} />
        {problem !== null && (
          <p className="field-note bad" role="alert">
            {problem}
          </p>
        )}
        {given && (
          <>
            <Names naming={naming} onNaming={setNaming} />
            {rows && (
              <Preview
                key={`${naming} ${given.file.name}`}
                rows={rows}
                partial={partial}
                onPartial={setPartial}
              />
            )}
          </>
        )}
      </div>
    </Dialog>
  )
}

/** Sends what was chosen, shows the run that comes of it, and can be stopped. */
function useLoading(onClose: () => void) {
  const t = useText('weights')
  const host = useHost()
  const [share, setShare] = useState<number | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const sending = useRef<AbortController | null>(null)
  const load = async (file: File, request: Parameters<typeof loadRun>[2]) => {
    const own = new AbortController()
    sending.current = own
    setProblem(null)
    setShare(0)
    try {
      const runId = await loadRun(host, file, request, own.signal, setShare)
      if (runId === null || own.signal.aborted) return
      const { run, ui } = useStore.getState()
      onClose()
      ui.show('training')
      await run.select(runId)
      ui.notify('ok', t('loaded', { name: file.name }))
    } catch (error) {
      if (!own.signal.aborted) setProblem(describeError(error))
    } finally {
      setShare(null)
    }
  }
  return { share, problem, setProblem, load, stop: () => sending.current?.abort() }
}

/** The file, or how to come by one. */
function Chosen({ given, onFile }: { given: WeightsFile | null; onFile(file: File): void }) {
  const t = useText('weights')
  const input = useRef<HTMLInputElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus(), [])
  return (
    <div className={given ? 'weights-file' : 'weights-file unchosen'}>
      <input
        ref={input}
        type="file"
        accept=".safetensors"
        hidden
        aria-label={t('choose')}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          // the same file may be chosen again once it was repaired
          event.target.value = ''
          if (file) onFile(file)
        }}
      />
      {given ? (
        <>
          <Icon name="file" size={16} />
          <b className="ell" title={given.file.name}>
            {given.file.name}
          </b>
          <span className="t3 sm weights-holds">
            {t('holds', { count: given.tensors.length, size: bytes(given.file.size) })}
          </span>
        </>
      ) : (
        <p>{t('what')}</p>
      )}
      {/* one button before and after a choice: the focus stays on it */}
      <Button ref={button} icon="folder" onClick={() => input.current?.click()}>
        {t(given ? 'other' : 'choose')}
      </Button>
    </div>
  )
}

/** Whose names the file uses, and where the library's model is another one than the network. */
function Names({ naming, onNaming }: { naming: Naming; onNaming(naming: Naming): void }) {
  const t = useText('weights')
  const document = useStore((s) => s.document.document)
  const options = NAMINGS.map((value) => {
    const known = renameFor(document, value) !== null
    return { value, label: t(known ? `naming.${value}` : 'unknown', { library: value }), disabled: !known }
  })
  return (
    <div className="weights-names">
      <span id="weights-naming">{t('names')}</span>
      <Select label={t('names')} value={naming} options={options} onChange={onNaming} />
      {departuresOf(document, naming).map(({ name, theirs, ours }) => (
        <p key={name} className="weights-warning sm">
          <Icon name="warn" size={14} />
          {t('departs', { library: naming, name, theirs, ours })}
        </p>
      ))}
    </div>
  )
}

const STATES = ['matched', 'misfit', 'missing', 'extra'] as const

interface PreviewProps {
  readonly rows: NonNullable<ReturnType<typeof rowsOf>>
  readonly partial: boolean
  onPartial(partial: boolean): void
}

/** Every name in its place, found by text and by what becomes of it. */
function Preview({ rows, partial, onPartial }: PreviewProps) {
  const t = useText('weights')
  const [query, setQuery] = useState('')
  const [shown, setShown] = useState<RowState | 'all'>('all')
  const counts = countsOf(rows)
  const listed = useMemo(() => rowsLike(rows, shown, query), [rows, shown, query])
  const options = [
    { value: 'all' as const, label: t('show.all', { count: rows.length }) },
    ...STATES.filter((state) => counts[state] > 0).map((value) => ({
      ...{ value, label: t(`show.${value}`, { count: counts[value] }) },
    })),
  ]
  const weights = rows.length - counts.extra
  const left = counts.missing + counts.extra > 0
  return (
    <>
      <p role="status" className="weights-sum">
        <b>{t('sum', { count: counts.matched, all: weights })}</b>
        {counts.missing > 0 && ` ${t('sumMissing', { count: counts.missing })}`}
        {counts.extra > 0 && ` ${t('sumExtra', { count: counts.extra })}`}
      </p>
      {counts.misfit > 0 && (
        <div className="weights-misfits">
          <p className="field-note bad">{t('misfits', { count: counts.misfit })}</p>
          <Button size="sm" disabled={shown === 'misfit'} onClick={() => setShown('misfit')}>
            {t('showMisfits', { count: counts.misfit })}
          </Button>
        </div>
      )}
      <div className="weights-tools">
        <SearchField label={t('find')} value={query} onChange={setQuery} />
        <Select<RowState | 'all'> label={t('which')} value={shown} options={options} onChange={setShown} />
      </div>
      <WeightsTable rows={listed} />
      {left && counts.misfit === 0 && counts.matched > 0 && (
        <div className="weights-partial">
          <Switch label={t('partial')} checked={partial} onChange={onPartial} id="weights-partial" />
          <label htmlFor="weights-partial">{t('partial')}</label>
        </div>
      )}
      {counts.matched === 0 && <p className="field-note bad">{t('nothing')}</p>}
    </>
  )
}
