/**
 * How soon what a run told is to be seen. `now`: its end, its first figures. `soon`: an epoch. `patient`: steps, of which
 * the next come anyway.
 */
export type Haste = 'patient' | 'soon' | 'now'

/** Milliseconds between two drawings. */
const FASTEST = 250
const SLOWEST = 2000
/** Milliseconds of pause that are saved up while nothing is drawn, so that a run is seen to begin. */
const SAVED = 3 * SLOWEST
/**
 * Part of the machine's processors that drawing may take of the window's own thread; without a graphics device, those
 * that raster and put layers together take about as much again.
 */
const SHARE = 0.0025

/**
 * When to draw, so that drawing takes little from a run that trains on the same processors: a drawing that cost much is
 * followed by a longer pause, one that could not wait is paid for by the next, and a run's first ones are for nothing.
 */
export class DrawingBudget {
  readonly #cores: number
  #cost = 0
  #last = Number.NEGATIVE_INFINITY
  /** From when on a patient drawing is paid for. */
  #paid = Number.NEGATIVE_INFINITY

  constructor(cores: number) {
    this.#cores = cores
  }

  /** Milliseconds between two drawings at what they cost. */
  get pause(): number {
    return Math.min(SLOWEST, Math.max(FASTEST, this.#cost / (SHARE * this.#cores)))
  }

  /** Milliseconds that a drawing has yet to wait. */
  wait(haste: Haste, now: number): number {
    if (haste === 'now') return 0
    // epochs of a blink would else be drawn one by one
    const owed = haste === 'soon' && this.#paid - now <= SLOWEST
    return Math.max(0, this.#last + FASTEST - now, owed ? 0 : this.#paid - now)
  }

  /** Something is drawn. */
  drawn(now: number): void {
    this.#last = now
    this.#paid = Math.max(this.#paid, now - SAVED) + this.pause
  }

  /** What a drawing took of the window's thread, in ms; one that something else held up counts little. */
  measured(cost: number): void {
    this.#cost = this.#cost === 0 ? cost : Math.min(cost, 3 * this.#cost) * 0.2 + this.#cost * 0.8
  }
}

type Draw = () => void

const waiting = new Set<Draw>()
const budget = new DrawingBudget(globalThis.navigator?.hardwareConcurrency ?? 2)
let timer: ReturnType<typeof setTimeout> | undefined
let due = Number.POSITIVE_INFINITY

/**
 * Calls `draw` when its time has come, together with all others that wait; asked again before, once. Nothing is drawn
 * while nobody can see the window.
 */
export function redraw(draw: Draw, haste: Haste): void {
  waiting.add(draw)
  const now = performance.now()
  const at = now + budget.wait(haste, now)
  if (at >= due || hidden()) return
  clearTimeout(timer)
  due = at
  timer = setTimeout(drawAll, at - now)
}

/** Draws what one of them would have drawn later. */
function drawAll(): void {
  due = Number.POSITIVE_INFINITY
  if (hidden()) return
  const draws = [...waiting]
  waiting.clear()
  const begin = performance.now()
  budget.drawn(begin)
  for (const draw of draws) draw()
  // React renders in a microtask of its own
  queueMicrotask(() => measure(performance.now() - begin))
}

/** Adds what the browser takes for the frame, where there is one to draw. */
function measure(script: number): void {
  if (script < 1) return
  globalThis.requestAnimationFrame?.(() => {
    const begin = performance.now()
    setTimeout(() => budget.measured(script + performance.now() - begin))
  })
}

const hidden = (): boolean => globalThis.document?.hidden ?? false

globalThis.document?.addEventListener('visibilitychange', () => {
  if (!hidden() && waiting.size > 0) drawAll()
})
