import i18next from 'i18next'
import { type ReactNode, useState } from 'react'
import { writeValue } from '../../core/drawing/size.ts'
import { kindOf } from '../../core/layers/index.ts'
import { optimizerNames } from '../../core/network/recipe.ts'
import type { Augment, Recipe, ScheduleSpec, TimeUnit, Warmup } from '../../core/network/schema.ts'
import type { Text } from '../../core/network/text.ts'
import type { JobConfig } from '../../core/protocol/contract.ts'
import { clock, count, loss, percent, small } from '../analysis/format.ts'
import { augmentDraftOf, augmentUnits, colourFields, placeFields } from '../data/augment-draft.ts'
import { useText } from '../i18n/index.ts'
import { Switch } from '../kit/Choice.tsx'
import { useStore } from '../state/store.ts'
import {
  type Compared,
  type LayerValue,
  layerRows,
  type ResultName,
  type Row,
  resultsOf,
  type SettingName,
  settingRows,
} from './differences.ts'
import { feedOf, useFeeds } from './feed.ts'
import { colourOf, shortDate } from './runs.ts'

type T = ReturnType<typeof useText>
type EarlyStopping = NonNullable<JobConfig['earlyStopping']>

/** A network may be another one altogether; beyond this, its layers are better looked at in the editor. */
const MOST_LAYERS = 40

/** Runs side by side: their best results, and in what their networks and settings differ. */
export function Differences({ runIds }: { runIds: readonly string[] }) {
  const t = useText('runs')
  const opened = useStore((s) => s.run.opened)
  const language = useStore((s) => s.ui.language)
  const [all, setAll] = useState(false)
  useFeeds(runIds)
  const ids = runIds.filter((id) => opened[id])
  const runs = ids.map((id): Compared => ({ ...opened[id]!, feed: feedOf(id) }))
  const settings = settingRows(runs).filter(({ differs }) => all || differs)
  const layers = layerRows(runs)
  return (
    <div className="differences scroll">
      <div className="row differences-tools">
        <Switch label={t('differences.all')} checked={all} onChange={setAll} />
        <span aria-hidden="true">{t('differences.all')}</span>
      </div>
      <table aria-label={t('differences.title')}>
        <Head ids={ids} />
        <Part
          title={t('differences.results')}
          ids={ids}
          rows={resultsOf(runs)}
          write={writeResult}
          name={nameOf(t, 'result')}
        />
        <Part
          title={t('differences.settings')}
          ids={ids}
          rows={settings}
          write={writeSetting}
          name={nameOf(t, 'setting')}
          none={t('differences.none')}
        />
        {layers.length > 0 && (
          <Part
            title={t('differences.layers', { count: layers.length })}
            ids={ids}
            rows={layers.slice(0, MOST_LAYERS)}
            write={(_, value) => layerText(value, language)}
            name={(name) => name}
          />
        )}
      </table>
    </div>
  )
}

const nameOf = (t: T, group: 'result' | 'setting') => (name: string) => t(`differences.${group}.${name}`)

function Head({ ids }: { ids: readonly string[] }) {
  const t = useText('runs')
  const list = useStore((s) => s.run.list)
  const language = useStore((s) => s.ui.language)
  return (
    <thead>
      <tr>
        <th scope="col">
          <span className="sr-only">{t('differences.what')}</span>
        </th>
        {ids.map((id) => {
          const run = list.find(({ runId }) => runId === id)
          const style = { '--run': `var(--run-${colourOf(list, id)})` } as React.CSSProperties
          return (
            <th key={id} scope="col" style={style}>
              <span className="run-swatch" aria-hidden="true" />
              <b>{run?.name ?? id}</b>
              {run && <span className="t2 xs">{shortDate(run.created, language)}</span>}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

interface PartProps<N extends string, V> {
  readonly title: string
  /** The runs, in the order of a row's values. */
  readonly ids: readonly string[]
  readonly rows: readonly Row<N, V>[]
  /** Shown where there are no rows. */
  readonly none?: string
  name(name: N): string
  write(name: N, value: V | undefined, t: T): ReactNode
}

function Part<N extends string, V>({ title, ids, rows, none, name, write }: PartProps<N, V>) {
  const t = useText('training')
  return (
    <tbody>
      <tr>
        <th colSpan={100} scope="rowgroup" className="cap">
          {title}
        </th>
      </tr>
      {rows.length === 0 && none && (
        <tr>
          <td colSpan={100} className="t2">
            {none}
          </td>
        </tr>
      )}
      {rows.map((row) => (
        <tr key={row.name} data-differs={row.differs || undefined}>
          <th scope="row">{name(row.name)}</th>
          {ids.map((id, run) => (
            <td key={id}>{write(row.name, row.values[run], t)}</td>
          ))}
        </tr>
      ))}
    </tbody>
  )
}

function writeResult(name: ResultName, value: unknown): string {
  if (typeof value !== 'number') return '–'
  if (name === 'valAccuracy') return percent(value, 2)
  if (name === 'valLoss') return loss(value)
  return name === 'seconds' ? clock(value) : count(value)
}

function writeSetting(name: SettingName, value: unknown, t: T): string {
  if (value === undefined || value === null) return '–'
  if (name === 'optimizer') return optimizerNames[value as Recipe['optimizer']]
  if (name === 'schedule') return scheduleText(value as ScheduleSpec, t)
  if (name === 'warmup') return span((value as Warmup).length, (value as Warmup).unit, t)
  if (name === 'loss') return t(`loss.${value}`)
  if (name === 'validation') return percent(value as number)
  if (name === 'augment') return augmentText(value as Augment)
  if (name === 'earlyStopping') return stoppingText(value as EarlyStopping, t)
  if (name === 'parameters' || name === 'batch' || name === 'epochs' || name === 'limit')
    return count(Number(value))
  if (typeof value === 'boolean') return t(value ? 'field.on' : 'field.off')
  if (typeof value === 'number' && name !== 'seed') return small(value)
  return String(value)
}

/** `Crop after padding 4 px · Mirror half of them`, as the fields are called. */
function augmentText(augment: Augment): string {
  const draft = augmentDraftOf(augment)
  const say = (field: string) => i18next.t(`augment.${field}`, { ns: 'data' })
  const fields = [...placeFields, ...colourFields].filter((field) => draft[field] !== '')
  const numbers = fields.map((field) => `${say(field)} ${draft[field]}${augmentUnits[field]}`)
  return [...(draft.flip ? [say('flip')] : []), ...numbers].join(' · ') || '–'
}

const stoppingText = ({ patience, minDelta }: EarlyStopping, t: T): string =>
  [
    `${t('field.patience')} ${span(patience, 'epochs', t)}`,
    ...(minDelta > 0 ? [`${t('field.stopDelta')} ${small(minDelta)}`] : []),
  ].join(' · ')

/** `Conv 2D · Filters 6 · Kernel 5×5`, with the names that the inspector has. */
function layerText(layer: LayerValue | undefined, language: keyof Text): string {
  if (layer === undefined) return '–'
  const kind = kindOf(layer.kind)
  const params = Object.entries(layer.params).map(([name, value]) => {
    const spec = kind?.params[name]
    return spec ? `${spec.label[language]} ${writeValue(spec, value, language)}` : name
  })
  return [kind?.title[language] ?? layer.kind, ...params].join(' · ')
}

const span = (length: number, unit: TimeUnit, t: T): string =>
  unit === 'share' ? percent(length, 0) : `${count(length)} ${t(`unit.${unit}`)}`

function scheduleText(spec: ScheduleSpec, t: T): string {
  if (typeof spec === 'string') return t(`schedule.${spec}`)
  const times = spec.type === 'step' ? [spec.every] : spec.type === 'multi-step' ? spec.at : []
  const unit = spec.type === 'step' || spec.type === 'multi-step' ? spec.unit : 'epochs'
  const at = times.map((time) => span(time, unit, t)).join(', ')
  const patience = spec.type === 'plateau' ? span(spec.patience, 'epochs', t) : ''
  return [t(`schedule.${spec.type}`), at, patience, `×${small(spec.factor)}`].filter(Boolean).join(' · ')
}
