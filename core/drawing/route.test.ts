import { describe, expect, it } from 'vitest'
import { routeWire } from './route.ts'

const numbers = (path: string) => (path.match(/-?\d+(\.\d+)?/g) ?? []).map(Number)
const heights = (path: string) => numbers(path).filter((_, i) => i % 2 === 1)

describe('a wire', () => {
  it('runs straight between neighbours on one line, with its shape in the middle', () => {
    const { path, label, room } = routeWire({ x: 0, y: 10 }, { x: 80, y: 10 }, [])
    expect(path).toBe('M0 10L80 10')
    expect(label).toEqual({ x: 40, y: 10 })
    expect(room).toBe(80)
  })

  it('takes one step where its ends stand on different lines', () => {
    const { path, label } = routeWire({ x: 0, y: 0 }, { x: 100, y: 50 }, [])
    expect(path.startsWith('M0 0L')).toBe(true)
    expect(path.endsWith('L100 50')).toBe(true)
    expect(label.y).toBe(0)
  })

  it('goes over the top of a layer that stands between', () => {
    const box = { x: 100, y: -10, width: 80, height: 60 }
    const { path, label } = routeWire({ x: 0, y: 0 }, { x: 300, y: 0 }, [box])
    expect(Math.min(...heights(path))).toBe(-32)
    expect(label.y).toBe(-32)
  })

  it('leaves alone what does not stand in its way', () => {
    const above = { x: 100, y: -90, width: 80, height: 60 }
    expect(routeWire({ x: 0, y: 0 }, { x: 300, y: 0 }, [above]).path).toBe('M0 0L300 0')
  })

  it('comes into an open block below its header, unless something stands there', () => {
    const frame = { x: 60, y: -14, width: 500, height: 200 }
    const [from, to] = [
      { x: 0, y: 0 },
      { x: 300, y: 52 },
    ]
    const { path, label } = routeWire(from, to, [], undefined, frame)
    // it is down before the frame begins
    expect(path).toMatch(/^M0 0L.* 52L300 52$/)
    expect(label).toEqual({ x: 172, y: 52 })
    const inside = { x: 100, y: 40, width: 80, height: 60 }
    expect(routeWire(from, to, [inside], undefined, frame).path).toBe(routeWire(from, to, [inside]).path)
  })

  it('comes back to the next row along the gap above it', () => {
    const { path, label } = routeWire({ x: 900, y: 0 }, { x: 0, y: 200 }, [])
    expect(label).toEqual({ x: 450, y: 160 })
    expect(path.endsWith('L0 200')).toBe(true)
    expect(Math.max(...heights(path))).toBe(200)
  })
})
