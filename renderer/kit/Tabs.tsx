import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

export interface Tab<V extends string = string> {
  readonly value: V
  readonly label: string
  /** A number beside the label; not drawn when 0. */
  readonly count?: number
  readonly tone?: 'plain' | 'warn' | 'bad'
  readonly content: ReactNode
}

interface Props<V extends string> {
  readonly label: string
  readonly value: V
  readonly tabs: readonly Tab<V>[]
  /** Drawn at the end of the row of tabs. */
  readonly trailing?: ReactNode
  onChange(value: V): void
}

/** A row of tabs and the panel of the chosen one. */
export function Tabs<V extends string>({ label, value, tabs, trailing, onChange }: Props<V>) {
  return (
    <Radix.Root className="tabs" value={value} onValueChange={(next) => onChange(next as V)}>
      <div className="tabs-row">
        <Radix.List className="tabs-list" aria-label={label}>
          {tabs.map((tab) => (
            <Radix.Trigger key={tab.value} value={tab.value} className="tab">
              {tab.label}
              {!!tab.count && <span className={`count ${tab.tone ?? 'plain'}`}>{tab.count}</span>}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {trailing}
      </div>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className="tab-panel" tabIndex={-1}>
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
