import type { TrainEvent } from '../../../core/protocol/events.ts'

export type LayersEvent = Extract<TrainEvent, { type: 'layers' }>
export type LayerFigures = LayersEvent['layers'][number]

/** Pictures kept of a run; each holds two histograms a layer. */
const MOST = 240

/**
 * What a run told of its layers, oldest first. At `limit` pictures every other one is dropped and from then on only one
 * of two kept, evenly over the whole length; the newest always stands. A resumed run overwrites what it had done after
 * its checkpoint.
 */
export class LayerHistory {
  #pictures: LayersEvent[] = []
  readonly #limit: number
  #stride = 1
  #since = 1

  constructor(limit = MOST) {
    this.#limit = limit
  }

  get pictures(): readonly LayersEvent[] {
    return this.#pictures
  }

  add(event: TrainEvent): void {
    if (event.type === 'started') this.#cutAbove(event.step)
    else if (event.type === 'layers') this.#push(event)
  }

  #push(picture: LayersEvent): void {
    if (picture.step <= (this.#pictures.at(-1)?.step ?? -1)) return
    const replaces = this.#pictures.length > 0 && this.#since < this.#stride
    if (replaces) {
      this.#pictures = [...this.#pictures.slice(0, -1), picture]
    } else {
      if (this.#pictures.length >= this.#limit) {
        this.#pictures = this.#pictures.filter((_, i) => i % 2 === 1)
        this.#stride *= 2
      }
      this.#pictures = [...this.#pictures, picture]
      this.#since = 0
    }
    this.#since++
  }

  #cutAbove(step: number): void {
    if ((this.#pictures.at(-1)?.step ?? -1) <= step) return
    this.#pictures = this.#pictures.filter((picture) => picture.step <= step)
    this.#since = this.#stride
  }
}
