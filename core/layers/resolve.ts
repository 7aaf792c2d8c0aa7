import type { Issue } from '../network/issue.ts'
import { type Text, text } from '../network/text.ts'
import type { LayerKind } from './kind.ts'
import type { AxesSpec, ParamSpec, ParamSpecs, ParamsOf } from './params.ts'

/** Parameters of a kind that is only known at run time. */
export type AnyParams = ParamsOf<ParamSpecs>

export interface ResolvedParams<P extends ParamSpecs = ParamSpecs> {
  /** Every parameter of the kind; the default stands where the document has none or an unusable value. */
  readonly params: ParamsOf<P>
  /** One error for each unusable value, one warning for each name that the kind does not have. */
  readonly issues: readonly Omit<Issue, 'layer'>[]
}

/** Fills in defaults and checks every value against its specification. Never throws. */
export function resolveParams<P extends ParamSpecs>(
  kind: LayerKind<P>,
  raw: Readonly<Record<string, unknown>>,
): ResolvedParams<P> {
  const params: Record<string, unknown> = {}
  const issues: Omit<Issue, 'layer'>[] = []
  for (const [name, spec] of Object.entries(kind.params)) {
    const value = Object.hasOwn(raw, name) ? raw[name] : undefined
    const problem = value === undefined ? null : problemOf(spec, value)
    params[name] = value === undefined || problem ? spec.default : value
    if (problem) issues.push(badParam(name, spec, problem, value))
  }
  // in an order that saving and opening keeps
  for (const name of Object.keys(raw).sort()) {
    if (Object.hasOwn(kind.params, name)) continue
    const known = Object.keys(kind.params).join(', ')
    issues.push({
      severity: 'warning',
      code: 'unknown-param',
      param: name,
      message: text(
        `"${name}" is no parameter of ${kind.title.en} and has no effect.`,
        `"${name}"은(는) ${kind.title.ko}의 파라미터가 아니어서 효과가 없습니다.`,
      ),
      fix: known
        ? text(`Its parameters are: ${known}.`, `사용할 수 있는 파라미터: ${known}.`)
        : text('It has no parameters.', '이 레이어에는 파라미터가 없습니다.'),
    })
  }
  return { params: params as ParamsOf<P>, issues }
}

/** What values a parameter takes, or null when `value` is one of them. */
export function problemOf(spec: ParamSpec, value: unknown): Text | null {
  switch (spec.type) {
    case 'int':
      return isWhole(value, spec.min, spec.max) ? null : wholeFrom(spec.min, spec.max)
    case 'float':
      return typeof value === 'number' && value >= spec.min && value <= spec.max
        ? null
        : text(`a number from ${spec.min} to ${spec.max}`, `${spec.min}~${spec.max} 범위의 수`)
    case 'bool':
      return typeof value === 'boolean' ? null : text('true or false', '참 또는 거짓')
    case 'enum': {
      const values = spec.options.map((option) => option.value)
      const list = values.join(', ')
      return values.some((option) => option === value)
        ? null
        : text(`one of ${list}`, `다음 중 하나: ${list}`)
    }
    case 'axes':
      return problemOfAxes(spec, value)
    case 'table':
      return isTable(value)
        ? null
        : text('a table of true and false with rows of one length', '행의 길이가 모두 같은 참/거짓 표')
  }
}

function problemOfAxes(spec: AxesSpec, value: unknown): Text | null {
  const forms = [spec.axes, ...(spec.alternatives ?? [])]
  if (
    Array.isArray(value) &&
    forms.some((names) => names.length === value.length) &&
    value.every((v) => isWhole(v, spec.min, spec.max))
  )
    return null
  const each = wholeFrom(spec.min, spec.max)
  const en = forms.map((names) => `${names.length} values (${names.join(', ')})`).join(' or ')
  const ko = forms.map((names) => `값 ${names.length}개(${names.join(', ')})`).join(' 또는 ')
  return text(`${en}, each ${each.en}`, `${ko}, 각각 ${each.ko}`)
}

const wholeFrom = (min: number, max: number): Text =>
  text(`a whole number from ${min} to ${max}`, `${min}~${max} 범위의 정수`)

const isWhole = (value: unknown, min: number, max: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max

function isTable(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false
  const width: unknown = Array.isArray(value[0]) ? value[0].length : 0
  return (
    width !== 0 &&
    value.every(
      (row) => Array.isArray(row) && row.length === width && row.every((v) => typeof v === 'boolean'),
    )
  )
}

function badParam(name: string, spec: ParamSpec, expected: Text, value: unknown): Omit<Issue, 'layer'> {
  const came = shown(value)
  return {
    severity: 'error',
    code: 'bad-param',
    param: name,
    message: text(
      `${spec.label.en} must be ${expected.en}; it is ${came}.`,
      `${spec.label.ko}에는 ${expected.ko}이(가) 필요한데 ${came}입니다.`,
    ),
    fix: text(
      `Enter a value that fits, e.g. ${shown(spec.default)}.`,
      `맞는 값을 입력해 주세요. 예: ${shown(spec.default)}`,
    ),
  }
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(value)
  let written: string
  try {
    written = JSON.stringify(value) ?? typeof value
  } catch {
    written = typeof value
  }
  return written.length > 60 ? `${written.slice(0, 57)}...` : written
}
