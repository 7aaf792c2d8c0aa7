import type { NetworkDocument } from '../../network/schema.ts'
import { namings } from '../../protocol/contract.ts'

/** Whose names a weight file uses: this program's own, or those of a library of PyTorch models. */
export type Naming = (typeof namings)[number]
export const NAMINGS: readonly Naming[] = namings

/** A name of ours, `<layer>.<weight>`, in the library's words; null when the library has no such weight. */
export type Rename = (name: string) => string | null

/** Models that a library names by one rule. */
export interface Models {
  /** Ids of the presets that are these models. */
  readonly presets: readonly string[]
  /** Settings with which a preset computes what the library's model does, where its own are the paper's. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The rule for a document of this kind. */
  rename(document: NetworkDocument): Rename
}

/** Renames the part before the last dot by the first pattern that fits; the weight's own name stays. */
export function byPatterns(
  patterns: readonly (readonly [pattern: RegExp, name: (parts: string[]) => string])[],
): Rename {
  return (full) => {
    const dot = full.lastIndexOf('.')
    const layer = full.slice(0, dot)
    for (const [pattern, name] of patterns) {
      const found = pattern.exec(layer)
      if (found) return `${name(found.slice(1))}.${full.slice(dot + 1)}`
    }
    return null
  }
}
