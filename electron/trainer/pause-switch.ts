import type { PauseSignal } from '../../core/training/env.ts'

/** Lets a run wait, and go on. */
export interface PauseSwitch extends PauseSignal {
  set(wanted: boolean): void
}

/** A switch that is off. */
export function pauseSwitch(): PauseSwitch {
  let wanted = false
  let waiting: (() => void)[] = []
  return {
    get wanted() {
      return wanted
    },
    over: () => (wanted ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
    set(value) {
      wanted = value
      if (wanted) return
      for (const goOn of waiting) goOn()
      waiting = []
    },
  }
}
