/** What the gallery keeps while another screen is shown. */
interface Kept {
  /** Ids of the models that are compared. */
  readonly comparing: readonly string[]
  /** The family tree is shown. */
  readonly tree: boolean
}

export let kept: Kept = { comparing: [], tree: true }

export const keep = (next: Kept): void => {
  kept = next
}
