import { useEffect, useId, useRef, useState } from 'react'
import type { RunSummary } from '../../core/protocol/contract.ts'
import { useText } from '../i18n/index.ts'
import { useStore } from '../state/store.ts'

/** A pause in writing after which notes are kept. */
const PAUSE = 800

/** The notes of a run, kept as they are written. */
export function Notes({ run }: { run: RunSummary }) {
  const t = useText('training')
  const changeRun = useStore((s) => s.run.changeRun)
  const [written, setWritten] = useState<string | null>(null)
  const [kept, setKept] = useState(false)
  const id = useId()
  const { runId } = run
  // what is not kept yet; also when the person goes elsewhere in the middle of a word
  const waiting = useRef<string | null>(null)
  const keep = async () => {
    if (waiting.current === null) return
    const notes = waiting.current
    waiting.current = null
    const saved = await changeRun({ runId, notes })
    // what could not be kept stays on the screen, and is tried again when there is more of it
    if (!saved) waiting.current ??= notes
    setKept(saved)
  }
  const latest = useRef(keep)
  latest.current = keep
  useEffect(() => {
    if (written === null) return
    const timer = setTimeout(() => void latest.current(), PAUSE)
    return () => clearTimeout(timer)
  }, [written])
  useEffect(() => () => void latest.current(), [])
  return (
    <section>
      <div className="row">
        <h3 className="cap grow">
          <label htmlFor={id}>{t('notes.title')}</label>
        </h3>
        <span className="xs t2" role="status">
          {kept && waiting.current === null ? t('notes.saved') : ''}
        </span>
      </div>
      <textarea
        id={id}
        className="textarea notes"
        rows={3}
        maxLength={20_000}
        value={written ?? run.notes ?? ''}
        placeholder={t('notes.hint')}
        onChange={(event) => {
          waiting.current = event.target.value
          setKept(false)
          setWritten(event.target.value)
        }}
        onBlur={() => {
          void keep().then(() => {
            if (waiting.current === null) setWritten(null)
          })
        }}
      />
    </section>
  )
}
