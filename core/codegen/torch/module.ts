import { literal, type PyValue } from './python.ts'

/** One argument of a module's constructor. */
export interface Arg {
  /** What it is, for naming a parameter after it. */
  readonly role: string
  /** Written as `keyword=`; positional where null. */
  readonly keyword: string | null
  readonly value: PyValue
  /** Left out where the value is this. */
  readonly default?: PyValue
}

/** A constructor call, and what stands in its place in a `forward`. */
export interface TorchModule {
  /** `nn.Conv2d`, or one of the classes of helpers.ts. */
  readonly callee: string
  readonly args: readonly Arg[]
  /** Has no weights and does the same in training: the expression to write instead of calling an attribute. */
  readonly inline?: (x: string) => string
  /** Ours to those of its state_dict, where there are any. */
  readonly weights?: Readonly<Record<string, string>>
}

/** What a layer is in PyTorch: modules one behind the other, or an expression of several inputs. */
export type TorchLayer =
  | { readonly modules: readonly TorchModule[] }
  | { readonly merge: (inputs: readonly string[]) => string }

export const positional = (role: string, value: PyValue): Arg => ({ role, keyword: null, value })

export const keyword = (name: string, value: PyValue, usual?: PyValue): Arg => ({
  role: name,
  keyword: name,
  value,
  ...(usual === undefined ? {} : { default: usual }),
})

export const samePy = (a: PyValue, b: PyValue): boolean => literal(a) === literal(b)

/** One value where all axes have the same. */
export const perAxis = (values: readonly number[]): number | readonly number[] =>
  values.every((value) => value === values[0]) ? values[0]! : values

/** In parentheses where something could come apart in a larger expression. */
export const atom = (x: string): string => (/^-?[\w.]+$|^[\w.]+\([^()]*\)$/.test(x) ? x : `(${x})`)
