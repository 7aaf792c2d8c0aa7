import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import type { TableSpec } from '../../core/layers/params.ts'
import { usePick, useText } from '../i18n/index.ts'
import { NumberField } from './NumberField.tsx'
import { markTable, resizeTable } from './parse.ts'

type Table = readonly (readonly boolean[])[]

interface Props {
  readonly label: string
  readonly value: Table
  readonly spec: TableSpec
  /** `typing` while one gesture goes on, e.g. the pointer is drawn over several cells. */
  onValue(value: Table, typing: boolean): void
}

const size = { type: 'int', min: 1, max: 256, default: 1, label: { en: '', ko: '' } } as const

/**
 * A table of marks, e.g. LeNet's C3: arrows move, Space marks; with the pointer, drawing over cells marks them all alike.
 */
export function TableField({ label, value, spec, onValue }: Props) {
  const t = useText('inspector')
  const pick = usePick()
  const columns = value[0]?.length ?? 0
  const [at, setAt] = useState<readonly [number, number]>([0, 0])
  const grid = useRef<HTMLTableElement>(null)
  const painting = useRef<boolean | null>(null)

  const mark = (row: number, column: number, on: boolean) => {
    if (value[row]?.[column] !== on) onValue(markTable(value, row, column, on), true)
  }
  const paint = (event: PointerEvent, row: number, column: number) => {
    painting.current = !value[row]![column]
    // so that the cells the pointer is drawn over hear of it too
    event.currentTarget.releasePointerCapture(event.pointerId)
    setAt([row, column])
    mark(row, column, painting.current)
    window.addEventListener('pointerup', () => (painting.current = null), { once: true })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (event.key === ' ') mark(at[0], at[1], !value[at[0]]![at[1]])
    else if (step) {
      const row = Math.max(0, Math.min(value.length - 1, at[0] + step[0]))
      const column = Math.max(0, Math.min(columns - 1, at[1] + step[1]))
      setAt([row, column])
      grid.current?.querySelector<HTMLElement>(`[data-cell="${row},${column}"]`)?.focus()
    } else return
    event.preventDefault()
  }
  return (
    <div className="table-field">
      <div className="table-size">
        <NumberField
          label={pick(spec.rows)}
          value={value.length}
          spec={size}
          onValue={(rows, typing) => onValue(resizeTable(value, rows, columns), typing)}
          unit={pick(spec.rows)}
        />
        <NumberField
          label={pick(spec.columns)}
          value={columns}
          spec={size}
          onValue={(n, typing) => onValue(resizeTable(value, value.length, n), typing)}
          unit={pick(spec.columns)}
        />
      </div>
      <div className="table-scroll">
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid of toggles, walked with the arrows */}
        <table ref={grid} role="grid" aria-label={label} onKeyDown={onKeyDown}>
          <thead>
            <tr>
              <td />
              {numbers(columns).map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {numbers(value.length).map((row) => (
              <tr key={row}>
                <th scope="row">{row}</th>
                {numbers(columns).map((column) => (
                  <td key={column}>
                    <button
                      type="button"
                      className="mark"
                      data-cell={`${row},${column}`}
                      tabIndex={row === at[0] && column === at[1] ? 0 : -1}
                      aria-pressed={value[row]![column]!}
                      aria-label={t('cell', { row, column })}
                      onPointerDown={(event) => paint(event, row, column)}
                      onPointerEnter={() => painting.current !== null && mark(row, column, painting.current)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

/** From 0 on: what rows and columns are called. */
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n)

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
}
