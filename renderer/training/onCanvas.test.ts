import { describe, expect, it } from 'vitest'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { TrainEvent } from '../../core/protocol/events.ts'
import { RunFeed } from './feed.ts'
import { issuesByNode, issuesOf, type LayerMaps, mapsByNode, sameLayers } from './onCanvas.ts'

const layer = (id: string, group?: string) => ({
  id,
  name: id,
  kind: 'relu',
  kindVersion: 1,
  params: {},
  position: { x: 0, y: 0 },
  ...(group === undefined ? {} : { group }),
})
const document: NetworkDocument = {
  format: 'layerloom',
  version: 1,
  name: 'net',
  nextId: 9,
  layers: [layer('a'), layer('b', 'in'), layer('c', 'in')],
  wires: [],
  groups: [
    { id: 'out', name: 'out' },
    { id: 'in', name: 'in', parent: 'out' },
  ],
}
const spread = (norm: number) => ({ norm, min: 0, max: 0, histogram: [] })
const picture = (step: number, b: number): TrainEvent => ({
  type: 'layers',
  step,
  epoch: 0,
  layers: [
    { id: 'a', name: 'a', weights: spread(1), gradient: spread(1), update: null },
    { id: 'b', name: 'b', weights: spread(1), gradient: spread(b), update: null },
  ],
})
const said = (...events: TrainEvent[]) => {
  const feed = new RunFeed()
  feed.take(...events)
  return issuesOf(feed.layers.pictures, feed.status.failed, 7)
}

describe('what a run says on the canvas', () => {
  it('marks a layer whose gradient vanishes, and every block around it, until it is well', () => {
    const issues = said(picture(1, 1), picture(2, 1e-9))
    expect(issues).toMatchObject([{ code: 'vanishing-gradient', layer: 'b', severity: 'warning' }])
    expect(issues[0]?.source?.citation).toMatch(/Glorot/)
    expect(Object.keys(issuesByNode(document, issues)).sort()).toEqual(['b', 'in', 'out'])
    expect(said(picture(1, 1e-9), picture(2, 1))).toEqual([])
  })

  it('marks the layer of a loss that is no number once, with the sentence that the trainer gave', () => {
    const text = { en: 'it broke', ko: '깨졌습니다' }
    const failed: TrainEvent = { type: 'failed', code: 'not-finite', message: 'x', text, layer: 'b' }
    const issues = said(picture(1, 1e-9), failed)
    expect(issues).toMatchObject([{ severity: 'error', layer: 'b', message: text }])
    expect(said({ type: 'failed', code: 'bad-network', message: 'x', layer: 'b' })).toEqual([])
  })

  it('shows a block by the maps of its last layer', () => {
    const maps = (id: string): LayerMaps => ({
      id,
      name: id,
      shape: [1],
      count: 1,
      height: 1,
      width: 1,
      pixels: new Uint8Array(1),
    })
    const found = mapsByNode(document, [maps('a'), maps('b'), maps('c')])
    expect(Object.entries(found).map(([node, { id }]) => `${node}: ${id}`)).toEqual([
      'a: a',
      'b: b',
      'out: c',
      'in: c',
      'c: c',
    ])
  })

  it('speaks of a network with the same layers, whatever their parameters', () => {
    const edited = { ...document, layers: document.layers.map((l) => ({ ...l, params: { slope: 2 } })) }
    expect(sameLayers(document, edited)).toBe(true)
    expect(sameLayers(document, { ...document, layers: document.layers.slice(1) })).toBe(false)
    const other = [layer('a'), layer('b'), { ...layer('c'), kind: 'flatten' }]
    expect(sameLayers(document, { ...document, layers: other })).toBe(false)
  })
})
