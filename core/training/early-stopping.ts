/** When a run ends although it has epochs left (Prechelt 1998, early stopping). */
export interface EarlyStopping {
  /** Epochs without an improvement that are waited for. */
  readonly patience: number
  /** An improvement lowers the validation loss by more than that. */
  readonly minDelta: number
}

/** What was seen of validation so far. */
export interface Stall {
  readonly best: number | null
  /** Epochs since the loss was that low. */
  readonly waited: number
}

export const noStall: Stall = { best: null, waited: 0 }

/** Takes another epoch's validation loss into account; one that is no number is no improvement. */
export function noticeLoss({ minDelta }: EarlyStopping, { best, waited }: Stall, loss: number): Stall {
  const improved = Number.isFinite(loss) && (best === null || loss < best - minDelta)
  return improved ? { best: loss, waited: 0 } : { best, waited: waited + 1 }
}

/** Whether the wait is over. */
export const isStalled = (rule: EarlyStopping | undefined, { waited }: Stall = noStall): boolean =>
  rule !== undefined && waited >= rule.patience
