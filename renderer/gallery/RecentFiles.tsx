import { useEffect, useMemo, useState } from 'react'
import { analyze } from '../../core/analysis/analyze.ts'
import type { Analysis } from '../../core/analysis/report.ts'
import { parseDocument } from '../../core/network/document.ts'
import { openRecent } from '../app/files.ts'
import { useText } from '../i18n/index.ts'
import { useStore } from '../state/store.ts'
import { onRecent, type RecentFile, readRecent } from './recent.ts'
import { Silhouette } from './Silhouette.tsx'

/** The network that is open, and those that were open before. */
export function RecentFiles() {
  const t = useText('gallery')
  const language = useStore((s) => s.ui.language)
  const show = useStore((s) => s.ui.show)
  const { document, analysis, dirty, place } = useStore((s) => s.document)
  const [recent, setRecent] = useState<readonly RecentFile[]>([])
  useEffect(() => {
    let gone = false
    const read = () => void readRecent().then((list) => gone || setRecent(list))
    read()
    const stop = onRecent(read)
    return () => {
      gone = true
      stop()
    }
  }, [])
  const files = useMemo(
    () => recent.filter((f) => f.fileName !== place?.fileName || (f.path ?? null) !== place.path),
    [recent, place],
  )
  const open = document.layers.length > 0
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  if (!open && files.length === 0) return null
  return (
    <section className="gallery-section" aria-labelledby="gallery-recent">
      <h2 id="gallery-recent" className="cap">
        {t('recent.title')}
      </h2>
      <ul>
        {open && (
          <Row
            name={document.name}
            note={t(dirty ? 'recent.unsaved' : 'recent.open')}
            analysis={analysis}
            onOpen={() => show('editor')}
          />
        )}
        {files.map((file) => (
          <Row
            key={file.path ?? file.fileName}
            name={file.name}
            note={date.format(new Date(file.at))}
            analysis={analysisOf(file)}
            onOpen={() => void openRecent(file)}
          />
        ))}
      </ul>
    </section>
  )
}

/** Null for a text that this version cannot read; opening it then says why. */
function analysisOf(file: RecentFile): Analysis | null {
  try {
    return analyze(parseDocument(file.text))
  } catch {
    return null
  }
}

interface RowProps {
  readonly name: string
  readonly note: string
  readonly analysis: Analysis | null
  onOpen(): void
}

function Row({ name, note, analysis, onOpen }: RowProps) {
  return (
    <li>
      <button type="button" className="recent" onClick={onOpen}>
        <span className="recent-drawing">
          {analysis && <Silhouette analysis={analysis} width={110} height={66} />}
        </span>
        <span className="ell" title={name}>
          {name}
        </span>
        <span className="xs t3 ell">{note}</span>
      </button>
    </li>
  )
}
