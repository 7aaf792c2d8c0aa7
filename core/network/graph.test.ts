import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDocument } from './document.ts'
import { graphOf, reaches, sortLayers } from './graph.ts'
import type { NetworkDocument } from './schema.ts'

/** A document with layers a, b, c... and the given edges. */
function build(count: number, edges: readonly (readonly [number, number])[]): NetworkDocument {
  return {
    ...createDocument('graph'),
    layers: Array.from({ length: count }, (_, i) => ({
      id: `${i}`,
      kind: 'relu',
      kindVersion: 1,
      name: `layer ${i}`,
      params: {},
      position: { x: 0, y: 0 },
    })),
    wires: edges.map(([from, to], i) => ({
      id: `w${i}`,
      from: { layer: `${from}`, port: 'out' },
      to: { layer: `${to}`, port: 'in' },
    })),
  }
}
const ids = (layers: readonly { id: string }[]) => layers.map((layer) => layer.id)

const anyGraph = fc
  .integer({ min: 1, max: 9 })
  .chain((n) =>
    fc.tuple(
      fc.constant(n),
      fc.array(fc.tuple(fc.nat({ max: n - 1 }), fc.nat({ max: n - 1 })), { maxLength: 16 }),
    ),
  )

describe('sortLayers', () => {
  it('follows a branch to its end before it takes the next', () => {
    const document = build(6, [
      [0, 1],
      [1, 2],
      [0, 3],
      [3, 4],
      [2, 5],
      [4, 5],
    ])
    expect(ids(sortLayers(document).order)).toEqual(['0', '1', '2', '3', '4', '5'])
  })

  it('tells layers in a loop from those before, between and behind loops', () => {
    const document = build(7, [
      [0, 1],
      [1, 2],
      [2, 1],
      [2, 3],
      [3, 4],
      [4, 4],
      [4, 5],
      [6, 5],
    ])
    const { order, cyclic } = sortLayers(document)
    expect(ids(cyclic)).toEqual(['1', '2', '4'])
    expect(new Set(ids(order))).toEqual(new Set(['0', '3', '5', '6']))
  })

  it('orders any graph: every layer once, none before one that feeds it, loops apart', () => {
    fc.assert(
      fc.property(anyGraph, ([n, edges]) => {
        const document = build(n, edges)
        const { order, cyclic } = sortLayers(document)
        expect([...ids(order), ...ids(cyclic)].sort()).toEqual(ids(document.layers).sort())
        const place = new Map(ids(order).map((id, i) => [id, i]))
        for (const [from, to] of edges) {
          const a = place.get(`${from}`)
          const b = place.get(`${to}`)
          if (a !== undefined && b !== undefined) expect(a).toBeLessThan(b)
        }
        const graph = graphOf(document)
        for (const { id } of document.layers) expect(ids(cyclic).includes(id)).toBe(reaches(graph, id, id))
      }),
    )
  })
})

it('a graph leaves out wires that lead nowhere', () => {
  const graph = graphOf(
    build(2, [
      [0, 1],
      [0, 9],
    ]),
  )
  expect(graph.outgoing.get('0')).toHaveLength(1)
  expect(reaches(graph, '0', '9')).toBe(false)
})
