import { useEffect, useMemo, useState } from 'react'
import { layerOfWeight, type SharedWeights, shareWeights, weightsOf } from '../../core/analysis/weights.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { JobConfig } from '../../core/protocol/contract.ts'
import { layersToStartFrom } from '../../presets/start.ts'
import { shape } from '../analysis/format.ts'
import { describeError } from '../host/errors.ts'
import { useHost } from '../host/index.tsx'
import { useText } from '../i18n/index.ts'
import { Select } from '../kit/Choice.tsx'
import { useStore } from '../state/store.ts'
import { shortDate, trains } from './runs.ts'

/** Weights that a run begins with. */
export interface Start {
  readonly from: JobConfig['from'] | null
  /** Nothing is left to read, and something fits. */
  readonly ready: boolean
}
export const newWeights: Start = { from: null, ready: true }

interface Props {
  /** With its head as wide as the data has classes. */
  readonly document: NetworkDocument
  readonly start: Start
  onChange(start: Start): void
}

const FRESH = 'fresh'

/** Which weights to begin with: new ones, or those of a run; says what of them will be copied and what not. */
export function StartFrom({ document, start, onChange }: Props) {
  const t = useText('start')
  const language = useStore((s) => s.ui.language)
  const runs = useStore((s) => s.run.list).filter((run) => run.hasWeights && !trains(run))
  const chosen = runs.find((run) => run.runId === start.from?.run)
  if (runs.length === 0) return null
  const options = [
    { value: FRESH, label: t('fresh') },
    ...runs.map(({ runId, name, created }) => ({
      value: runId,
      label: t('run', { name, date: shortDate(created, language) }),
    })),
  ]
  return (
    <fieldset className="train-part">
      <legend className="cap">{t('title')}</legend>
      <Select
        label={t('title')}
        value={chosen?.runId ?? FRESH}
        options={options}
        onChange={(run) => onChange(run === FRESH ? newWeights : { from: { run }, ready: false })}
      />
      {chosen && <Copied document={document} runId={chosen.runId} onChange={onChange} />}
    </fieldset>
  )
}

function Copied({ document, runId, onChange }: Omit<Props, 'start'> & { readonly runId: string }) {
  const t = useText('start')
  const { source, problem } = useSource(runId)
  const layers = source && layersToStartFrom(document.preset?.id, source.preset?.id)
  const shared = useMemo(
    () =>
      source &&
      shareWeights(
        weightsOf(document),
        weightsOf(source),
        layersToStartFrom(document.preset?.id, source.preset?.id) ?? undefined,
      ),
    [document, source],
  )
  const fits = shared !== null && shared.copied.length > 0
  // told when what is known changes, not whenever it is found out again
  const asked = layers ? JSON.stringify(layers) : null
  useEffect(() => {
    const named = asked === null ? {} : { layers: JSON.parse(asked) as string[] }
    onChange({ from: { run: runId, ...named }, ready: fits })
  }, [runId, fits, asked, onChange])
  if (problem !== null) return <p className="field-note bad">{problem}</p>
  if (!shared) return <p className="t3 sm">{t('reading')}</p>
  if (!fits) return <p className="field-note bad">{t('nothing')}</p>
  return <Report shared={shared} paper={Boolean(layers)} />
}

/** The network of a run, once it is read. */
function useSource(runId: string): { source: NetworkDocument | null; problem: string | null } {
  const host = useHost()
  const [read, setRead] = useState<{
    runId: string
    source: NetworkDocument | null
    problem: string | null
  }>()
  useEffect(() => {
    let over = false
    const tell = (source: NetworkDocument | null, problem: string | null) => {
      if (!over) setRead({ runId, source, problem })
    }
    host.call('run.open', { runId }).then(
      ({ document }) => tell(document, null),
      (error) => tell(null, describeError(error)),
    )
    return () => {
      over = true
    }
  }, [host, runId])
  return read?.runId === runId ? read : { source: null, problem: null }
}

/** Layers that are named before the rest is only counted. */
const NAMED = 8

function Report({ shared, paper }: { shared: SharedWeights; paper: boolean }) {
  const t = useText('start')
  const { copied, fresh, misfits } = shared
  const all = copied.length + fresh.length + misfits.length
  const [first, ...others] = misfits
  return (
    <ul className="changes start" role="status">
      <li>
        <span>
          {t('copied', { count: copied.length, all })} <Layers names={copied} />
          {paper && <span className="t3"> ({t('paper')})</span>}
        </span>
      </li>
      {fresh.length > 0 && (
        <li>
          <span>
            {t('new')} <Layers names={fresh} />
          </span>
        </li>
      )}
      {first && (
        <li>
          <span>
            {t('misfit', { name: first.name, there: shape(first.there), here: shape(first.here) })}
            {others.length > 0 && ` ${t('misfits', { count: others.length })}`}
          </span>
        </li>
      )}
    </ul>
  )
}

function Layers({ names }: { names: readonly string[] }) {
  const t = useText('start')
  const layers = [...new Set(names.map(layerOfWeight))]
  const rest = layers.length - NAMED
  return (
    <b title={rest > 0 ? layers.join(', ') : undefined}>
      {layers.slice(0, NAMED).join(', ')}
      {rest > 0 && ` ${t('rest', { count: rest })}`}
    </b>
  )
}
