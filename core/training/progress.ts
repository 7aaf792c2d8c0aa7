import { z } from 'zod'

/** Where a run stands. Everything the rest of the curve depends on, besides weights and optimizer state. */
export const progressSchema = z.object({
  /** Epochs finished, validation included. */
  epoch: z.int().min(0),
  /** Batches of the epoch under way that are done. */
  batch: z.int().min(0),
  /** Optimizer updates of the whole run. */
  step: z.int().min(0),
  /** Sums over the epoch under way. */
  lossSum: z.number(),
  correct: z.int().min(0),
  seen: z.int().min(0),
  /** Seconds spent in training steps, validation and saving left out. */
  seconds: z.number().min(0),
  /** Of the latest finished epoch; null before the first or without validation data. */
  valAccuracy: z.number().nullable(),
  bestAccuracy: z.number().nullable(),
  bestLoss: z.number().nullable(),
  /** What a schedule that looks at validation has seen; absent for the others. */
  watched: z
    .object({ best: z.number().nullable(), waited: z.int().min(0), drops: z.int().min(0) })
    .exactOptional(),
  /** What early stopping has seen of validation; absent where runs don't end early. */
  stall: z.object({ best: z.number().nullable(), waited: z.int().min(0) }).exactOptional(),
})
export type Progress = z.infer<typeof progressSchema>

/** That of a run that has not begun. */
export const startProgress = (): Progress => ({
  epoch: 0,
  batch: 0,
  step: 0,
  lossSum: 0,
  correct: 0,
  seen: 0,
  seconds: 0,
  valAccuracy: null,
  bestAccuracy: null,
  bestLoss: null,
})

/** Whether a validation result is the best so far: higher accuracy, or the same with a lower loss. */
export function isBest(progress: Progress, accuracy: number, loss: number): boolean {
  const { bestAccuracy, bestLoss } = progress
  if (bestAccuracy === null || accuracy > bestAccuracy) return true
  return accuracy === bestAccuracy && (bestLoss === null || loss < bestLoss)
}
