import type { Remedy } from './remedy.ts'
import type { Text } from './text.ts'

/** A problem or a lesson found in a network, always with the place and a sentence a person can act on. */
export interface Issue {
  readonly severity: 'error' | 'warning' | 'info'
  /** Stable kebab-case name, e.g. `wrong-rank`, `empty-output`, `cycle`, `unknown-kind`, `stride-leaves-rest`. */
  readonly code: string
  /** Id of the layer the badge goes on; absent when the whole network is meant. */
  readonly layer?: string
  /** Name of the parameter at fault, so that the inspector can mark its field. */
  readonly param?: string
  /** What is wrong, what was expected, what came. */
  readonly message: Text
  /** What to do about it. */
  readonly fix?: Text
  /** The fix as a change of the network, where there is one that fits most cases; the command `apply-remedy` makes it. */
  readonly remedy?: Remedy
  /** Of a lesson: where it was learned. */
  readonly source?: { readonly citation: string; readonly url?: string }
}
