import { type AnyKind, type AnyParams, type ResolvedLayer, resolveLayer } from '../layers/index.ts'
import type { Category } from '../layers/kind.ts'
import type { ParamSpec } from '../layers/params.ts'
import type { Layer } from '../network/schema.ts'
import type { Text } from '../network/text.ts'

/**
 * How large a layer is drawn, known without drawing it: the canvas needs it to lay wires and to place layers. A width
 * belongs to the kind, never to the name; heights follow from the rows shown.
 */

export const HEADER = 26
const ROW = 16
const BODY_PADDING = 11
const FOOTER = 24
/** Of most kinds. */
export const WIDTH = 148
const WIDE = 156
/** A closed block. */
export const BLOCK = { width: 188, height: 90 } as const
const COMPACT_HEIGHT = 30
const ROUND = 30
/** Ports stand this far below the upper edge, whatever the form. */
export const PORT_LINE = 13

/** `full` has a body, `compact` is one bar, `round` is a merge; a kind this version doesn't know is `unknown`. */
export type Form = 'full' | 'compact' | 'round' | 'unknown'

export interface Row {
  readonly name: string
  readonly label: Text
  readonly spec: ParamSpec
  readonly value: unknown
}

export interface Anatomy {
  readonly kind: AnyKind | null
  readonly params: AnyParams
  readonly form: Form
  readonly category: Category | 'unknown'
  readonly rows: readonly Row[]
  /** A foot with the parameter count. */
  readonly counted: boolean
  readonly width: number
  readonly height: number
}

const MOST_ROWS = 4
/** So many of a kind's main parameters are drawn even when they have their default. */
const ALWAYS = 2

const anatomies = new WeakMap<Layer, Anatomy>()

/** What is drawn of a layer and how large; the same object as long as the layer does not change. */
export function anatomyOf(layer: Layer): Anatomy {
  const known = anatomies.get(layer)
  if (known) return known
  const anatomy = draw(layer, resolveLayer(layer))
  anatomies.set(layer, anatomy)
  return anatomy
}

function draw(layer: Layer, { kind, params }: ResolvedLayer): Anatomy {
  const form = formOf(kind, layer.collapsed === true)
  const rows = kind && form === 'full' ? rowsOf(kind, params) : []
  const counted = kind?.weights !== undefined && form === 'full'
  const body = form === 'unknown' ? ROW + BODY_PADDING : rows.length ? rows.length * ROW + BODY_PADDING : 0
  const heights: Record<Form, number> = {
    full: HEADER + body + (counted ? FOOTER : 0),
    unknown: HEADER + body,
    compact: COMPACT_HEIGHT - 2,
    round: ROUND - 2,
  }
  return {
    kind,
    params,
    form,
    category: kind?.category ?? 'unknown',
    rows,
    counted,
    width: widthOf(kind?.title.en ?? layer.kind, form),
    height: heights[form],
  }
}

function formOf(kind: AnyKind | null, collapsed: boolean): Form {
  if (!kind) return 'unknown'
  if (collapsed && kind.category !== 'merge') return 'compact'
  if (kind.category === 'merge') return 'round'
  return kind.category === 'activation' || kind.category === 'norm' ? 'compact' : 'full'
}

function widthOf(title: string, form: Form): number {
  const name = shortTitle(title)
  if (form === 'round') return ROUND
  if (form === 'compact') return Math.max(68, 44 + name.length * 7)
  return name.length > 12 ? WIDE : WIDTH
}

/**
 * A title as it stands on a node: without what is in brackets, and a long one without its number of axes, which the
 * shapes beside it say.
 */
export function shortTitle(title: string): string {
  const plain = title.replace(/\s*\(.*\)$/, '')
  const name = plain.replace(/ \dD$/, '')
  return name.length >= 8 || /[가-힣]{4}/.test(name) ? name : plain
}

/** The parameters drawn on the body: the kind's main ones, then those of the rest that differ from their default. */
function rowsOf(kind: AnyKind, params: AnyParams): Row[] {
  const shown = Object.entries(kind.params).filter(([, spec]) => spec.shownOnNode)
  const rows: Row[] = []
  shown.forEach(([name, spec], index) => {
    const value = params[name]
    const isDefault = JSON.stringify(value) === JSON.stringify(spec.default)
    if (index < ALWAYS || !isDefault) rows.push({ name, label: spec.label, spec, value })
  })
  return rows.slice(0, MOST_ROWS)
}

/** A parameter's value as it stands on a node: short, in the given language. */
export function writeValue(spec: ParamSpec, value: unknown, language: keyof Text): string {
  switch (spec.type) {
    case 'axes':
      return Array.isArray(value) ? value.join(value.length > 3 ? ' ' : '×') : ''
    case 'table':
      return Array.isArray(value) ? `${value.length}×${(value[0] as unknown[] | undefined)?.length ?? 0}` : ''
    case 'enum':
      return shortTitle(
        spec.options.find((option) => option.value === value)?.label[language] ?? String(value),
      )
    case 'bool':
      return value ? '✓' : '–'
    case 'int':
    case 'float':
      return typeof value === 'number' ? String(value) : ''
  }
}
