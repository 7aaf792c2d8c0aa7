/** How the learning rate changes over a run. */
export interface Schedule {
  /** As recipes and `--schedule` name it. */
  readonly id: string
  /** Share of the base rate to use at `progress`, the fraction of all steps already done: 0 <= progress < 1. */
  factor(progress: number): number
}
