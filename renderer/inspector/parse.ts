import type { AxesSpec, FloatSpec, IntSpec } from '../../core/layers/params.ts'
import { type Text, text } from '../../core/network/text.ts'

export type Parsed<T> = { readonly value: T } | { readonly problem: Text }

/** Digits, signs and points that an East Asian input method gives in their wide form. */
const narrow = (typed: string) =>
  typed.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)).trim()

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/**
 * Reads what was typed into a number's field: a decimal number, also with an exponent (`1e-3`), within the parameter's
 * range. The problem says what was expected.
 */
export function parseNumber(typed: string, spec: IntSpec | FloatSpec | AxesSpec): Parsed<number> {
  const wanted = expected(spec)
  const plain = narrow(typed)
  if (plain === '') return { problem: text(`Enter ${wanted.en}.`, `${wanted.ko}를 입력해 주세요.`) }
  const value = NUMBER.test(plain) ? Number(plain) : Number.NaN
  const whole = spec.type === 'float' || Number.isInteger(value)
  if (!Number.isFinite(value) || !whole || value < spec.min || value > spec.max)
    return {
      problem: text(`Enter ${wanted.en}, not “${plain}”.`, `‘${plain}’ 대신 ${wanted.ko}를 입력해 주세요.`),
    }
  return { value }
}

function expected(spec: IntSpec | FloatSpec | AxesSpec): Text {
  const { min, max } = spec
  return spec.type === 'float'
    ? text(`a number from ${min} to ${max}`, `${min}~${max} 사이의 수`)
    : text(`a whole number from ${min} to ${max}`, `${min}~${max} 사이의 정수`)
}

/** What a name must be: not empty, not too long, not another layer's. */
export function checkName(typed: string, taken: ReadonlySet<string>, longest: number): Parsed<string> {
  const value = typed.trim()
  if (value === '') return { problem: text('A layer needs a name.', '레이어 이름을 입력해 주세요.') }
  if (value.length > longest)
    return {
      problem: text(`A name has at most ${longest} characters.`, `이름은 ${longest}자를 넘을 수 없습니다.`),
    }
  if (taken.has(value))
    return {
      problem: text(
        `Another layer is called “${value}”. Weights are saved by name, so names must differ.`,
        `‘${value}’ 이름의 레이어가 이미 있습니다. 가중치를 이름으로 저장하므로 이름이 달라야 합니다.`,
      ),
    }
  return { value }
}

/** The one value that several layers share, or null when theirs differ. */
export function shared<T>(values: readonly T[]): { readonly value: T } | null {
  const [first, ...others] = values
  const key = JSON.stringify(first)
  return values.length > 0 && others.every((other) => JSON.stringify(other) === key)
    ? { value: first as T }
    : null
}

/** The table with rows and columns added (unmarked) or taken away at the end. */
export function resizeTable(
  table: readonly (readonly boolean[])[],
  rows: number,
  columns: number,
): boolean[][] {
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => table[r]?.[c] ?? false),
  )
}

/** The table with one mark changed. */
export const markTable = (table: readonly (readonly boolean[])[], row: number, column: number, on: boolean) =>
  table.map((cells, r) => cells.map((cell, c) => (r === row && c === column ? on : cell)))
