import type { Text } from '../network/text.ts'

interface Spec<T> {
  readonly default: T
  readonly label: Text
  /** One or two sentences; shown under the field. */
  readonly help?: Text
  /** Shown on the node's body when it differs from the default, in this order. */
  readonly shownOnNode?: boolean
}
export interface IntSpec extends Spec<number> {
  readonly type: 'int'
  readonly min: number
  readonly max: number
}
export interface FloatSpec extends Spec<number> {
  readonly type: 'float'
  readonly min: number
  readonly max: number
}
export interface BoolSpec extends Spec<boolean> {
  readonly type: 'bool'
}
export interface EnumSpec<V extends string = string> extends Spec<V> {
  readonly type: 'enum'
  readonly options: readonly { readonly value: V; readonly label: Text }[]
}
/** One whole number an axis, e.g. a kernel [5, 5]. The inspector shows one field an axis. */
export interface AxesSpec extends Spec<readonly number[]> {
  readonly type: 'axes'
  readonly axes: readonly string[]
  /** Other lists of axes that a value may have instead; its length tells which. */
  readonly alternatives?: readonly (readonly string[])[]
  readonly min: number
  readonly max: number
}
/** A table of yes and no, e.g. which input maps feed which output maps: rows x columns. */
export interface TableSpec extends Spec<readonly (readonly boolean[])[]> {
  readonly type: 'table'
  readonly rows: Text
  readonly columns: Text
}
export type ParamSpec = IntSpec | FloatSpec | BoolSpec | EnumSpec | AxesSpec | TableSpec
export type ParamSpecs = Readonly<Record<string, ParamSpec>>

type ValueOf<S> = S extends { type: 'int' | 'float' }
  ? number
  : S extends { type: 'bool' }
    ? boolean
    : S extends EnumSpec<infer V>
      ? V
      : S extends { type: 'axes' }
        ? readonly number[]
        : S extends { type: 'table' }
          ? readonly (readonly boolean[])[]
          : never

/** The values a layer's parameters have, derived from their specs: a misspelt name does not compile. */
export type ParamsOf<P extends ParamSpecs> = { readonly [K in keyof P]: ValueOf<P[K]> }

type Rest<S extends { type: string }> = Omit<S, 'type'>
export const int = (s: Rest<IntSpec>): IntSpec => ({ type: 'int', ...s })
export const float = (s: Rest<FloatSpec>): FloatSpec => ({ type: 'float', ...s })
export const bool = (s: Rest<BoolSpec>): BoolSpec => ({ type: 'bool', ...s })
export const choice = <const V extends string>(s: Rest<EnumSpec<V>>): EnumSpec<V> => ({ type: 'enum', ...s })
export const axes = (s: Rest<AxesSpec>): AxesSpec => ({ type: 'axes', ...s })
export const table = (s: Rest<TableSpec>): TableSpec => ({ type: 'table', ...s })

/** Names of the axes of a value of that many entries; those of the default form when there is none so long. */
export const axisNames = (spec: AxesSpec, length: number): readonly string[] =>
  spec.alternatives?.find((names) => names.length === length) ?? spec.axes
