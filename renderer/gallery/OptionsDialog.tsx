import { useDeferredValue, useMemo, useState } from 'react'
import type { ParamSpec } from '../../core/layers/params.ts'
import type { Text } from '../../core/network/text.ts'
import { OptionError, type OptionValues, type Preset } from '../../presets/preset.ts'
import { count, shape, short } from '../analysis/format.ts'
import { usePick, useText } from '../i18n/index.ts'
import { NumberField } from '../inspector/NumberField.tsx'
import { Button } from '../kit/Button.tsx'
import { Select, Switch } from '../kit/Choice.tsx'
import { Dialog } from '../kit/Dialog.tsx'
import { Silhouette } from './Silhouette.tsx'
import { type Model, modelWith } from './search.ts'

interface Props {
  readonly preset: Preset
  onClose(): void
  onOpen(options: OptionValues): void
  onTrain(options: OptionValues): void
}

/** The settings of a model's family, with the network that they make and its figures at once. */
export function OptionsDialog({ preset, onClose, onOpen, onTrain }: Props) {
  const t = useText('gallery')
  const pick = usePick()
  const [options, setOptions] = useState<OptionValues>({})
  const deferred = useDeferredValue(options)
  const made = useMemo(() => attempt(preset, deferred), [preset, deferred])
  const ready = 'document' in made && deferred === options
  const finish = (act: (options: OptionValues) => void) => {
    onClose()
    act(options)
  }
  return (
    <Dialog
      open
      title={t('options.title', { name: pick(preset.title) })}
      onClose={onClose}
      footer={
        <>
          <Button disabled={!ready} onClick={() => finish(onOpen)}>
            {t('card.open')}
          </Button>
          <Button variant="primary" icon="play" disabled={!ready} onClick={() => finish(onTrain)}>
            {t('card.train')}
          </Button>
        </>
      }
    >
      <div className="options-drawing" role="status">
        {'document' in made ? <Made model={made} /> : <p className="field-note bad">{pick(made.problem)}</p>}
      </div>
      {Object.entries(preset.options).map(([name, spec]) => (
        <div key={name} className="option">
          <span>{pick(spec.label)}</span>
          <OptionField
            spec={spec}
            value={options[name] ?? spec.default}
            onValue={(value) => setOptions((before) => ({ ...before, [name]: value }) as OptionValues)}
          />
          {spec.help && <p className="t3 xs">{pick(spec.help)}</p>}
        </div>
      ))}
    </Dialog>
  )
}

function attempt(preset: Preset, options: OptionValues): Model | { readonly problem: Text } {
  try {
    const model = modelWith(preset, options)
    const wrong = model.analysis.issues.find((issue) => issue.severity === 'error')
    return wrong ? { problem: wrong.message } : model
  } catch (error) {
    if (error instanceof OptionError) return { problem: error.text }
    throw error
  }
}

function Made({ model: { analysis, document } }: { model: Model }) {
  const t = useText('gallery')
  const { totals, input, output } = analysis
  return (
    <>
      <Silhouette analysis={analysis} document={document} width={300} height={80} />
      <p className="t2 sm">
        {shape(input ?? [])} → {shape(output ?? [])} · {t('card.parameters')} {count(totals.trainable)} ·{' '}
        {t('card.macs')} {short(totals.macs)} · {t('card.depth')} {totals.depth}
      </p>
    </>
  )
}

interface FieldProps {
  readonly spec: ParamSpec
  readonly value: unknown
  onValue(value: unknown): void
}

function OptionField({ spec, value, onValue }: FieldProps) {
  const pick = usePick()
  const label = pick(spec.label)
  switch (spec.type) {
    case 'bool':
      return <Switch label={label} checked={value === true} onChange={onValue} />
    case 'enum':
      return (
        <Select
          label={label}
          value={value as string}
          options={spec.options.map((option) => ({ value: option.value, label: pick(option.label) }))}
          onChange={onValue}
        />
      )
    case 'axes': {
      const numbers = value as readonly number[]
      return (
        <div className="option-axes">
          {spec.axes.map((axis, index) => (
            <NumberField
              key={axis}
              label={`${label} ${axis}`}
              value={numbers[index] ?? null}
              spec={spec}
              unit={undefined}
              invalid={false}
              onValue={(next) => onValue(numbers.with(index, next))}
            />
          ))}
        </div>
      )
    }
    case 'int':
    case 'float':
      return (
        <NumberField
          label={label}
          value={value as number}
          spec={spec}
          unit={`${spec.min}–${spec.max}`}
          invalid={false}
          onValue={onValue}
        />
      )
    case 'table':
      return null
  }
}
