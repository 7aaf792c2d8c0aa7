import type { Receptive, Shape } from '../layers/kind.ts'

/**
 * What output place 0 of a layer sees along one spatial axis, in pixels of the network's input: from `first` to
 * `last`, which may lie on padding; `jump` pixels lie between neighbouring places. Keeping both ends instead of the
 * size alone makes branches with unequal padding come out right (Araujo, Norris and Sim 2019). Layers that enlarge maps
 * make fractions of them.
 */
export interface FieldAxis {
  readonly first: number
  readonly last: number
  readonly jump: number
}
export type Field = readonly FieldAxis[]

/** The field of an input layer; null when its shape has no spatial axes. */
export const startField = (shape: Shape | null): Field | null =>
  shape && shape.length > 1 ? shape.slice(1).map(() => ({ first: 0, last: 0, jump: 1 })) : null

/** What several branches see together; null when one of them has no spatial axes. */
export function mergeFields(fields: readonly (Field | null)[]): Field | null {
  const [head, ...rest] = fields
  if (!head) return null
  let merged: Field = head
  for (const field of rest) {
    if (!field || field.length !== merged.length) return null
    merged = merged.map((axis, i) => ({
      first: Math.min(axis.first, field[i]!.first),
      last: Math.max(axis.last, field[i]!.last),
      jump: Math.max(axis.jump, field[i]!.jump),
    }))
  }
  return merged
}

/** The field after a layer; null once its places are no windows of the input any more. Without `receptive` it stays. */
export function fieldOf(
  before: Field | null,
  receptive: Receptive | null | undefined,
  output: Shape,
): Field | null {
  if (!before || receptive === null || output.length - 1 !== before.length) return null
  if (!receptive) return before
  return before.map(({ first, last, jump }, i) => {
    const begin = -receptive.padBefore[i]!
    const end = begin + (receptive.kernel[i]! - 1) * receptive.dilation[i]!
    return { first: first + begin * jump, last: last + end * jump, jump: jump * receptive.stride[i]! }
  })
}

/**
 * Pixels an axis that one place sees. Between enlarged places the number varies with where a place lies among the
 * pixels; then it is the most that one sees.
 */
export const sizeOf = (field: Field): number[] =>
  field.map(({ first, last, jump }) =>
    Number.isInteger(tidy(jump))
      ? Math.floor(tidy(last)) - Math.ceil(tidy(first)) + 1
      : Math.floor(tidy(last - first)) + 1,
  )

/** Pixels between neighbouring places, an axis; a fraction where maps are larger than the input. */
export const strideOf = (field: Field): number[] => field.map(({ jump }) => tidy(jump))

/** Without what rounding leaves of thirds and their like. */
const tidy = (value: number): number => Math.round(value * 1e9) / 1e9
