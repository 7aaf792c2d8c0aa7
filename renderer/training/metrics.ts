import type { TrainEvent } from '../../core/protocol/events.ts'

type StepEvent = Extract<TrainEvent, { type: 'step' }>
type EpochEvent = Extract<TrainEvent, { type: 'epoch' }>

/** Rows of named numbers in typed arrays that grow by doubling: what a chart reads, never what React renders. */
export class Table<C extends string> {
  readonly names: readonly C[]
  length = 0
  #data: Record<C, Float64Array>
  readonly #limit: number
  /** One row is kept of so many pushed, and so many of them have come since the last one kept. */
  #stride = 1
  #since = 1

  /**
   * `limit`: at this many rows every other one is dropped and from then on only one of two kept, evenly over the whole
   * length, so that a run of days stays in bounded memory. The last row pushed always stands.
   */
  constructor(names: readonly C[], limit = 1 << 17) {
    this.names = names
    this.#limit = limit
    this.#data = Object.fromEntries(names.map((n) => [n, new Float64Array(256)])) as Record<C, Float64Array>
  }

  push(row: Readonly<Record<C, number>>): void {
    const replaces = this.length > 0 && this.#since < this.#stride
    if (!replaces) {
      if (this.length >= this.#limit) this.#halve()
      if (this.length === this.#data[this.names[0]!].length) this.#grow()
      this.length++
      this.#since = 0
    }
    this.#since++
    for (const name of this.names) this.#data[name][this.length - 1] = row[name]
  }

  /** A view, valid until the next push. */
  column(name: C): Float64Array {
    return this.#data[name].subarray(0, this.length)
  }

  /** The value in the last row, NaN when there is none. */
  last(name: C): number {
    return this.length ? this.#data[name][this.length - 1]! : Number.NaN
  }

  /** Drops every row whose `name` is above `value`; rows stand in ascending order of it. */
  cutAbove(name: C, value: number): void {
    while (this.length && this.#data[name][this.length - 1]! > value) {
      this.length--
      this.#since = this.#stride
    }
  }

  /** Changes `name` in every row whose `where` is above `value`. */
  change(name: C, where: C, value: number, to: (old: number) => number): void {
    for (let i = this.length - 1; i >= 0 && this.#data[where][i]! > value; i--) {
      this.#data[name][i] = to(this.#data[name][i]!)
    }
  }

  #grow(): void {
    for (const name of this.names) {
      const wider = new Float64Array(this.#data[name].length * 2)
      wider.set(this.#data[name])
      this.#data[name] = wider
    }
  }

  #halve(): void {
    const half = this.length >> 1
    for (const name of this.names) {
      const data = this.#data[name]
      for (let i = 0; i < half; i++) data[i] = data[2 * i + 1]!
    }
    this.length = half
    this.#stride *= 2
  }
}

const stepColumns = [
  'step',
  'epoch',
  'seconds',
  'wall',
  'loss',
  'accuracy',
  'learningRate',
  'imagesPerSecond',
] as const
const epochColumns = [
  'step',
  'epoch',
  'seconds',
  'wall',
  'loss',
  'accuracy',
  'valLoss',
  'valAccuracy',
] as const
export type StepColumn = (typeof stepColumns)[number]
export type EpochColumn = (typeof epochColumns)[number]

/** The epoch that the best checkpoint is of: the highest validation accuracy, the lowest loss where two are equal. */
export interface Best {
  readonly epoch: number
  readonly step: number
  readonly valAccuracy: number
  readonly valLoss: number
}

/** The trainer's own rule for what it saves as the best, so that the mark and the weights are of one epoch. */
function isBetter(than: Best | null, valAccuracy: number, valLoss: number): boolean {
  if (Number.isNaN(valAccuracy)) return false
  if (than === null || valAccuracy > than.valAccuracy) return true
  return valAccuracy === than.valAccuracy && valLoss < than.valLoss
}

/**
 * The curves of one run. Taking the same events twice changes nothing, and a resumed run overwrites what it had done
 * after its checkpoint, so that reopening and reconnecting need no care.
 */
export class RunMetrics {
  readonly steps = new Table<StepColumn>(stepColumns)
  readonly epochs = new Table<EpochColumn>(epochColumns)
  best: Best | null = null
  #trainCount = 0
  /** When the run told its first figure, in seconds since 1970. */
  #begin: number | null = null

  add(event: TrainEvent): void {
    if (event.type === 'started') {
      this.#trainCount = event.trainCount
      this.steps.cutAbove('step', event.step)
      this.epochs.cutAbove('step', event.step)
      this.#findBest()
    } else if (event.type === 'step') this.#addStep(event)
    else if (event.type === 'epoch') this.#addEpoch(event)
  }

  #addStep(event: StepEvent): void {
    if (event.step <= this.steps.last('step')) return
    const { step, epoch, loss, accuracy, learningRate, imagesPerSecond } = event
    const seconds = this.#secondsAt(epoch, imagesPerSecond)
    this.steps.push({
      step,
      epoch,
      seconds,
      wall: this.#wallAt(event.time, seconds),
      loss,
      accuracy,
      learningRate,
      imagesPerSecond,
    })
  }

  #addEpoch(event: EpochEvent): void {
    if (event.step <= this.epochs.last('step')) return
    const { step, epoch, seconds, loss, accuracy } = event
    const valAccuracy = event.valAccuracy ?? Number.NaN
    const valLoss = event.valLoss ?? Number.NaN
    this.#fitSeconds(seconds)
    this.epochs.push({
      step,
      epoch,
      seconds,
      wall: this.#wallAt(event.time, seconds),
      loss,
      accuracy,
      valLoss,
      valAccuracy,
    })
    if (isBetter(this.best, valAccuracy, valLoss)) this.best = { epoch, step, valAccuracy, valLoss }
  }

  /** Training time at a step. Steps carry none, so it is the last one's plus what the images since took at the present rate. */
  #secondsAt(epoch: number, imagesPerSecond: number): number {
    const behind = this.steps.length ? this.steps : this.epochs
    const [base, from] = behind.length ? [behind.last('seconds'), behind.last('epoch')] : [0, 0]
    const images = Math.max(0, epoch - from) * this.#trainCount
    return imagesPerSecond > 0 ? base + images / imagesPerSecond : base
  }

  /** Whether its events tell when they were told, so that wall time is more than training time. */
  get hasWallTime(): boolean {
    return this.#begin !== null
  }

  /** Seconds since the run's first figure, pauses and all; training time where events don't tell. */
  #wallAt(time: number | undefined, seconds: number): number {
    if (time === undefined) return seconds
    // the first figure had been trained for as well
    this.#begin ??= time - seconds
    return time - this.#begin
  }

  /** An epoch knows its time: its steps are stretched to fit between it and the epoch before. */
  #fitSeconds(end: number): void {
    const [begin, from] = this.epochs.length
      ? [this.epochs.last('seconds'), this.epochs.last('step')]
      : [0, 0]
    const reckoned = this.steps.last('seconds') - begin
    if (!(reckoned > 0)) return
    const stretch = Math.max(0, end - begin) / reckoned
    this.steps.change('seconds', 'step', from, (seconds) => begin + (seconds - begin) * stretch)
  }

  #findBest(): void {
    this.best = null
    const at = (name: EpochColumn, i: number) => this.epochs.column(name)[i]!
    for (let i = 0; i < this.epochs.length; i++) {
      const [valAccuracy, valLoss] = [at('valAccuracy', i), at('valLoss', i)]
      if (!isBetter(this.best, valAccuracy, valLoss)) continue
      this.best = { epoch: at('epoch', i), step: at('step', i), valAccuracy, valLoss }
    }
  }
}
