import { expect, it } from 'vitest'
import { createDocument } from '../network/document.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { canConnect } from './connect.ts'

const layers = [
  ['in', 'input'],
  ['a', 'conv2d'],
  ['b', 'relu'],
  ['c', 'conv2d'],
  ['d', 'dense'],
  ['s', 'add'],
  ['x', 'warp-drive'],
] as const
const document: NetworkDocument = {
  ...createDocument('wires'),
  layers: layers.map(([id, kind]) => ({
    id,
    kind,
    kindVersion: 1,
    name: id,
    params: {},
    position: { x: 0, y: 0 },
  })),
  wires: [
    ['in', 'a'],
    ['a', 'b'],
    ['b', 's'],
  ].map(([from, to]) => ({
    id: `${from}${to}`,
    from: { layer: from!, port: 'out' },
    to: { layer: to!, port: 'in' },
  })),
}

it.each([
  ['b', 'c', null],
  ['a', 's', null],
  ['b', 's', null],
  ['x', 'c', null],
  ['c', 'd', null],
  ['b', 'b', 'self'],
  ['b', 'a', 'cycle'],
  ['s', 'a', 'cycle'],
  ['in', 'b', 'port-full'],
  ['a', 'b', 'connected'],
  ['a', 'd', 'rank'],
  ['a', 'in', 'no-such-port'],
  ['a', 'x', 'no-such-port'],
  ['a', 'gone', 'no-such-layer'],
])('%s to %s: %s', (from, layer, code) => {
  const refusal = canConnect(document, from, { layer, port: 'in' })
  expect(refusal?.code ?? null).toBe(code)
  if (refusal) {
    expect(refusal.message.en).toMatch(/\.$/)
    expect(refusal.message.ko).toMatch(/[가-힣]/)
  }
})
