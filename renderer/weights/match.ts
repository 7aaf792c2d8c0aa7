import { weightsOf } from '../../core/analysis/weights.ts'
import { headOfSafetensors, type ListedTensor, listSafetensors } from '../../core/formats/safetensors.ts'
import { underOwnNames } from '../../core/interchange/names/exported.ts'
import {
  matchWeights,
  NAMINGS,
  type Naming,
  renameFor,
  settingsFor,
} from '../../core/interchange/names/index.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { parseOptions, presetOf } from '../../presets/index.ts'

/** What a file of weights holds, read from its beginning alone. */
export interface WeightsFile {
  readonly file: File
  readonly tensors: readonly ListedTensor[]
  readonly metadata: Readonly<Record<string, string>>
}

/** @throws FormatError for a file that is none */
export async function readWeightsFile(file: File): Promise<WeightsFile> {
  const part = async (end: number) => new Uint8Array(await file.slice(0, end).arrayBuffer())
  const length = headOfSafetensors(await part(8), file.size, file.name)
  return { file, ...listSafetensors(await part(length), file.size, file.name) }
}

export type RowState = 'matched' | 'misfit' | 'missing' | 'extra'

interface Named {
  readonly name: string
  readonly shape: readonly number[]
}

/** A weight of the network, a tensor of the file, or both. */
export interface Row {
  readonly state: RowState
  readonly ours: Named | null
  readonly theirs: Named | null
  /** The name that a missing weight would have in the file; null where it would have none. */
  readonly wanted: string | null
}

/**
 * What goes where, in the order of the network's weights, what is left over of the file at the end; null where the
 * library has no such model.
 */
export function rowsOf(document: NetworkDocument, file: WeightsFile, naming: Naming): Row[] | null {
  const rename = renameFor(document, naming)
  if (!rename) return null
  const tensors = naming === 'own' ? underOwnNames(file.tensors, file.metadata) : file.tensors
  const weights = weightsOf(document)
  const { pairs, misfits, missing, extra } = matchWeights(weights, tensors, rename)
  const rows = new Map<string, Row>()
  for (const { weight: ours, tensor: theirs } of pairs) {
    rows.set(ours.name, { state: 'matched', ours, theirs, wanted: null })
  }
  for (const { weight: ours, tensor: theirs } of misfits) {
    rows.set(ours.name, { state: 'misfit', ours, theirs, wanted: null })
  }
  for (const { weight: ours, other } of missing) {
    rows.set(ours.name, { state: 'missing', ours, theirs: null, wanted: other })
  }
  return [
    ...weights.map(({ name }) => rows.get(name)!),
    ...extra.map((theirs): Row => ({ state: 'extra', ours: null, theirs, wanted: null })),
  ]
}

/** The naming by which most of a file finds its place. */
export function likeliestNaming(document: NetworkDocument, file: WeightsFile): Naming {
  const found = (naming: Naming) =>
    rowsOf(document, file, naming)?.filter(({ state }) => state === 'matched').length ?? -1
  return NAMINGS.reduce((best, naming) => (found(naming) > found(best) ? naming : best))
}

/** Settings by which the library's model differs from a network that was made from the preset of that name. */
export function departuresOf(
  { preset }: NetworkDocument,
  naming: Naming,
): readonly { readonly name: string; readonly theirs: string; readonly ours: string }[] {
  const known = preset && presetOf(preset.id)
  if (!preset || !known) return []
  return Object.entries(settingsFor(preset.id, naming)).flatMap(([name, theirs]) => {
    const ours = preset.options?.[name] ?? known.options[name]?.default
    return parseOptions(known, [[name, theirs]])[name] === ours ? [] : [{ name, theirs, ours: String(ours) }]
  })
}

/** How many rows there are of each state. */
export function countsOf(rows: readonly Row[]): Readonly<Record<RowState, number>> {
  const counts = { matched: 0, misfit: 0, missing: 0, extra: 0 }
  for (const { state } of rows) counts[state]++
  return counts
}

/** Rows of a state, and of those the ones that hold a text in either name. */
export function rowsLike(rows: readonly Row[], shown: RowState | 'all', query: string): readonly Row[] {
  const wanted = query.trim().toLowerCase()
  return rows.filter(
    ({ state, ours, theirs, wanted: other }) =>
      (shown === 'all' || state === shown) &&
      [ours?.name, theirs?.name, other].some((name) => name?.toLowerCase().includes(wanted)),
  )
}
