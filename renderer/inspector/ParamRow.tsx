import { commands } from '../../core/commands/index.ts'
import { type AxesSpec, axisNames, type ParamSpec } from '../../core/layers/params.ts'
import type { Issue } from '../../core/network/issue.ts'
import { IssueExtras } from '../analysis/IssueExtras.tsx'
import { usePick, useText } from '../i18n/index.ts'
import { IconButton } from '../kit/Button.tsx'
import { Segmented, Select, Switch } from '../kit/Choice.tsx'
import { useStore } from '../state/store.ts'
import { NumberField } from './NumberField.tsx'
import { shared } from './parse.ts'
import { TableField } from './TableField.tsx'

interface Props {
  readonly layers: readonly string[]
  readonly name: string
  readonly spec: ParamSpec
  /** One a layer. */
  readonly values: readonly unknown[]
  readonly issues: readonly Issue[]
  /** Whether the block that the layer lies in exposes it, and the way to change that. */
  readonly pin?: { readonly exposed: boolean; toggle(): void } | undefined
  onHelp(name: string): void
}

type Set = (value: unknown, typing?: boolean, item?: number) => void

/** One parameter of the selected layers: its label, its field, the way back to the default, and what is wrong with it. */
export function ParamRow({ layers, name, spec, values, issues, pin, onHelp }: Props) {
  const t = useText('inspector')
  const pick = usePick()
  const label = pick(spec.label)
  const isDefault = values.every((value) => JSON.stringify(value) === JSON.stringify(spec.default))
  const set: Set = (value, typing = false, item) =>
    void useStore.getState().document.run(commands.setParam, {
      layers,
      param: name,
      value,
      typing,
      ...(item !== undefined && { item }),
    })
  const wide = spec.type === 'table' || (spec.type === 'axes' && namesOf(spec, values).length > 3)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at a row only shows its help
    <div
      className={`param ${wide ? 'wide' : ''} ${pin ? 'pinned' : ''}`}
      data-param={name}
      onMouseEnter={() => onHelp(name)}
      onFocusCapture={() => onHelp(name)}
    >
      <span className="param-label">{label}</span>
      <div className="param-field">
        <ParamField
          label={label}
          spec={spec}
          values={values}
          invalid={issues.some((i) => i.severity === 'error')}
          set={set}
        />
      </div>
      {isDefault ? (
        <span />
      ) : (
        <IconButton
          icon="reset"
          size="sm"
          side="left"
          className="param-reset"
          label={t('reset', { label })}
          onClick={() => set(spec.default)}
        />
      )}
      {pin && (
        <IconButton
          icon="pin"
          size="sm"
          side="left"
          className="param-pin"
          pressed={pin.exposed}
          label={t(pin.exposed ? 'block.hide' : 'block.expose', { label })}
          onClick={pin.toggle}
        />
      )}
      {issues.map((issue, i) => (
        <p key={`${issue.layer}${issue.message.en}`} className={`param-issue ${issue.severity}`}>
          {pick(issue.message)}
          {issue.fix && <span className="t2"> {pick(issue.fix)}</span>}
          {/* rows and columns are mended together */}
          {issues[i + 1]?.code !== issue.code && <IssueExtras issue={issue} />}
        </p>
      ))}
    </div>
  )
}

interface FieldProps {
  readonly label: string
  readonly spec: ParamSpec
  readonly values: readonly unknown[]
  readonly invalid: boolean
  readonly set: Set
}

function ParamField({ label, spec, values, invalid, set }: FieldProps) {
  const t = useText('inspector')
  const pick = usePick()
  const same = shared(values)
  const mixed = !same
  const value = same ? same.value : null
  switch (spec.type) {
    case 'int':
    case 'float':
      return (
        <NumberField
          label={label}
          value={value as number | null}
          spec={spec}
          unit={rangeOf(spec)}
          invalid={invalid}
          onValue={set}
        />
      )
    case 'axes':
      return (
        <AxesField
          label={label}
          spec={spec}
          values={values as readonly (readonly number[])[]}
          invalid={invalid}
          set={set}
        />
      )
    case 'bool':
      return (
        <span className="row">
          <Switch label={label} checked={value === true} onChange={set} />
          {mixed && <span className="t3 sm">{t('mixed')}</span>}
        </span>
      )
    case 'table':
      return mixed ? (
        <span className="t3 sm">{t('mixed')}</span>
      ) : (
        <TableField
          label={label}
          spec={spec}
          value={value as readonly (readonly boolean[])[]}
          onValue={set}
        />
      )
    case 'enum': {
      const options = spec.options.map((option) => ({ value: option.value, label: pick(option.label) }))
      const letters = options.reduce((sum, option) => sum + option.label.length, 0)
      return options.length <= 3 && letters <= 16 ? (
        <Segmented label={label} fill value={value as string | null} options={options} onChange={set} />
      ) : (
        <Select
          label={label}
          value={value as string | null}
          options={options}
          placeholder={t('mixed')}
          invalid={invalid}
          onChange={set}
        />
      )
    }
  }
}

const rangeOf = ({ min, max }: { min: number; max: number }) => `${min}–${max}`

interface AxesProps {
  readonly label: string
  readonly spec: AxesSpec
  readonly values: readonly (readonly number[])[]
  readonly invalid: boolean
  readonly set: Set
}

/** The axes of the layers' values; where these are of different lengths, those of the first. */
const namesOf = (spec: AxesSpec, values: readonly unknown[]): readonly string[] =>
  axisNames(spec, Array.isArray(values[0]) ? values[0].length : spec.axes.length)

/** One number an axis; `H` and `W` side by side with the × of a shape between them. */
function AxesField({ label, spec, values, invalid, set }: AxesProps) {
  const names = namesOf(spec, values)
  const few = names.length <= 3
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a frame and a legend that the row has already
    <div className={few ? 'axes' : 'axes many'} role="group" aria-label={label}>
      {names.map((axis, index) => (
        <div key={axis} className="axis">
          {few && index > 0 && (
            <span className="t3" aria-hidden="true">
              ×
            </span>
          )}
          <NumberField
            label={`${label} ${axis}`}
            value={shared(values.map((value) => value[index]))?.value ?? null}
            spec={spec}
            unit={few ? undefined : axis}
            invalid={invalid}
            onValue={(next, typing) => set(next, typing, index)}
          />
        </div>
      ))}
    </div>
  )
}
