import { useEffect, useSyncExternalStore } from 'react'
import { profileText } from '../../core/protocol/step-profile.ts'
import { count } from '../analysis/format.ts'
import { useHost } from '../host/index.tsx'
import { usePick, useText } from '../i18n/index.ts'
import { Select } from '../kit/Choice.tsx'
import { automatic, type Engine, type EnginesState, engineName, enginesOf } from './engines.ts'

interface Props {
  readonly engine: string
  /** Engines may be measured now. */
  readonly idle: boolean
  onChange(engine: string): void
}

/** What computes the run: `auto`, or one of this machine's engines with its device, its speed or why it can't. */
export function EngineChoice({ engine, idle, onChange }: Props) {
  const t = useText('training')
  const host = useHost()
  const watch = enginesOf(host)
  const state = useSyncExternalStore(watch.subscribe, watch.state)
  useEffect(() => {
    if (idle) watch.ask()
  }, [watch, idle])
  const label = (one: Engine) =>
    one.available
      ? [engineName(one), one.device, ...rateOf(t, one)].join(' · ')
      : `${engineName(one)} · ${t(`engine.state.${one.state ?? 'failed'}`)}`
  const options = [
    { value: 'auto', label: t('engine.auto') },
    ...state.list.map((one) => ({
      value: one.id,
      label: label(one),
      disabled: !one.available || one.state === 'wrong',
    })),
  ]
  return (
    <div className="field-group engine">
      <span className="field-label">{t('field.engine')}</span>
      <Select label={t('field.engine')} value={engine} options={options} onChange={onChange} />
      <Note engine={engine} state={state} />
    </div>
  )
}

type Texts = ReturnType<typeof useText>

const rateOf = (t: Texts, { imagesPerSecond }: Engine): string[] =>
  imagesPerSecond === null ? [] : [t('engine.rate', { rate: count(Math.round(imagesPerSecond)) })]

/** What the choice means, below it. */
function Note({ engine, state }: { engine: string; state: EnginesState }) {
  const t = useText('training')
  const pick = usePick()
  const { list, measuring } = state
  const taken = engine === 'auto' ? automatic(list) : list.find(({ id }) => id === engine)
  const name = taken && engineName(taken)
  const said = () => {
    if (measuring) return t('engine.measuring')
    if (!taken) return ''
    if (engine !== 'auto') return t(`engine.state.${taken.state ?? 'not-probed'}`)
    const rate = rateOf(t, taken)
    const lowered = taken.profile ? [pick(profileText(taken.profile))] : []
    return taken.verified
      ? t('engine.takes', { name, device: [taken.device, ...lowered, ...rate].join(', ') })
      : t('engine.takesUnmeasured', { name })
  }
  return (
    <p
      className={measuring ? 'field-note measuring' : 'field-note'}
      role="status"
      title={(taken?.text ? pick(taken.text) : taken?.reason) || undefined}
    >
      {said()}
    </p>
  )
}
