import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DrawingBudget, type Haste } from './redraw.ts'

/** How often something is drawn in a second in the long run, asked for every `every` ms and with a cost of `cost` ms. */
function drawings(cores: number, cost: number, every: number, haste: Haste): number {
  const budget = new DrawingBudget(cores)
  let [count, due] = [0, Number.POSITIVE_INFINITY]
  for (let now = 0; now < 40_000; now += 10) {
    if (now % every === 0) due = Math.min(due, now + budget.wait(haste, now))
    if (now < due) continue
    due = Number.POSITIVE_INFINITY
    budget.drawn(now)
    budget.measured(cost)
    if (now >= 20_000) count++
  }
  return count / 20
}

describe('DrawingBudget', () => {
  it('draws four times a second where that is cheap, and every other second where it is dear', () => {
    expect(drawings(32, 10, 10, 'patient')).toBeCloseTo(4, 0)
    expect(drawings(2, 1, 10, 'patient')).toBeCloseTo(4, 0)
    expect(drawings(4, 5, 10, 'patient')).toBeCloseTo(2, 0)
    expect(drawings(2, 5, 10, 'patient')).toBeCloseTo(1, 0)
    expect(drawings(2, 100, 10, 'patient')).toBeCloseTo(0.5, 1)
  })

  it('shows a run that begins in quick succession, and then takes its time', () => {
    const budget = new DrawingBudget(2)
    budget.measured(50)
    const waits = [0, 250, 500, 750].map((now) => {
      budget.drawn(now)
      return budget.wait('patient', now)
    })
    expect(waits).toEqual([250, 250, 250, 1250])
  })

  it('draws an epoch at once and pays for it later, and short ones no faster than steps', () => {
    const budget = new DrawingBudget(2)
    budget.measured(5)
    for (let i = 0; i < 8; i++) budget.drawn(0)
    expect(budget.wait('patient', 600)).toBe(1400)
    expect(budget.wait('soon', 600)).toBe(0)
    budget.drawn(600)
    expect(budget.wait('patient', 700)).toBe(2300)
    expect(budget.wait('soon', 700)).toBe(2300)
    expect(drawings(2, 5, 50, 'soon')).toBeCloseTo(1, 0)
    expect(drawings(16, 5, 50, 'soon')).toBeCloseTo(4, 0)
  })

  it('lets nobody wait for the end of a run', () => {
    const budget = new DrawingBudget(1)
    budget.measured(500)
    for (let i = 0; i < 10; i++) budget.drawn(0)
    expect(budget.wait('now', 0)).toBe(0)
  })

  it('learns what drawing costs, and not from one that something held up', () => {
    const budget = new DrawingBudget(2)
    budget.measured(4)
    const before = budget.pause
    budget.measured(4000)
    expect(budget.pause).toBeLessThan(2 * before)
    for (let i = 0; i < 30; i++) budget.measured(6)
    expect(budget.pause).toBeCloseTo(1200, -1)
  })
})

describe('redraw', () => {
  let page: EventTarget & { hidden: boolean }
  let redraw: typeof import('./redraw.ts').redraw

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    page = Object.assign(new EventTarget(), { hidden: false })
    vi.stubGlobal('document', page)
    vi.resetModules()
    ;({ redraw } = await import('./redraw.ts'))
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('draws all that waits together, each once', () => {
    const drawn: string[] = []
    const [a, b] = [() => drawn.push('a'), () => drawn.push('b')]
    redraw(a, 'patient')
    vi.advanceTimersByTime(0)
    redraw(a, 'patient')
    redraw(b, 'patient')
    redraw(a, 'patient')
    expect(drawn).toEqual(['a'])
    vi.advanceTimersByTime(1000)
    expect(drawn).toEqual(['a', 'a', 'b'])
    redraw(a, 'patient')
    redraw(b, 'now')
    vi.advanceTimersByTime(0)
    expect(drawn).toEqual(['a', 'a', 'b', 'a', 'b'])
  })

  it('draws nothing that nobody sees, and all of it when somebody looks', () => {
    let drawn = 0
    page.hidden = true
    redraw(() => drawn++, 'now')
    vi.advanceTimersByTime(5000)
    expect(drawn).toBe(0)
    page.hidden = false
    page.dispatchEvent(new Event('visibilitychange'))
    expect(drawn).toBe(1)
  })
})
