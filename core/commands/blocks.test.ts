import { describe, expect, it } from 'vitest'
import { presetOf } from '../../presets/index.ts'
import { analyze } from '../analysis/analyze.ts'
import { membersOf, scopeOf } from '../network/blocks.ts'
import { createDocument } from '../network/document.ts'
import type { NetworkDocument } from '../network/schema.ts'
import {
  applyCommand,
  blockEnds,
  type Command,
  commands,
  layoutGraph,
  placeBlocks,
  repeatsOf,
} from './index.ts'

const run = <A>(document: NetworkDocument, command: Command<A>, args: A) =>
  applyCommand(document, command, args)
const idOf = (document: NetworkDocument, name: string) =>
  (document.layers.find((l) => l.name === name) ?? document.groups.find((g) => g.name === name))!.id
const at = { x: 0, y: 0 }
const sizes = {
  layer: () => ({ width: 148, height: 60 }),
  block: { width: 184, height: 90 },
  room: { width: 900, height: 500 },
}

/** input 3x8x8 -> conv "a" -> relu "b" -> flatten -> dense, the conv with 3 filters of 3x3, padded to keep its size. */
function chain(): NetworkDocument {
  const names = ['input', 'a', 'b', 'flatten', 'end']
  let document = createDocument('chain')
  ;['input', 'conv2d', 'relu', 'flatten', 'dense'].forEach((kind, i) => {
    const from = document.layers.at(-1)
    document = run(document, commands.addLayer, {
      kind,
      position: { x: i * 200, y: 0 },
      ...(from && { from: { layer: from.id, port: 'out' } }),
    }).document
    document = run(document, commands.renameLayer, {
      layer: document.layers.at(-1)!.id,
      name: names[i]!,
    }).document
  })
  for (const [param, value] of [
    ['filters', 3],
    ['padding', 'same'],
  ] as const)
    document = run(document, commands.setParam, { layers: [idOf(document, 'a')], param, value }).document
  return run(document, commands.setParam, {
    layers: [idOf(document, 'input')],
    param: 'shape',
    value: [3, 8, 8],
  }).document
}
const blocked = () => {
  const document = chain()
  return run(document, commands.makeBlock, {
    ids: [idOf(document, 'a'), idOf(document, 'b')],
    name: 'unit',
    position: { x: 200, y: 0 },
  }).document
}

describe('blocks', () => {
  it('are made of layers and taken apart again without touching what is computed', () => {
    const document = blocked()
    const unit = idOf(document, 'unit')
    expect([...membersOf(document, unit)]).toEqual([idOf(document, 'a'), idOf(document, 'b')])
    expect(analyze(document).totals).toEqual(analyze(chain()).totals)
    const { document: flat, select } = run(document, commands.dissolveBlocks, { groups: [unit] })
    expect(flat.layers).toEqual(chain().layers)
    expect(select).toEqual([idOf(flat, 'a'), idOf(flat, 'b')])
  })

  it('lie in one another, and only what lies side by side is put together', () => {
    const document = blocked()
    const { document: outer } = run(document, commands.makeBlock, {
      ids: [idOf(document, 'unit'), idOf(document, 'flatten'), idOf(document, 'a')],
      name: 'stage',
      position: at,
    })
    expect(scopeOf(outer, idOf(outer, 'unit'))).toBe(idOf(outer, 'stage'))
    expect(scopeOf(outer, idOf(outer, 'a'))).toBe(idOf(outer, 'unit'))
    expect(membersOf(outer, idOf(outer, 'stage')).size).toBe(3)
  })

  it('are repeated with weights of their own, each fed by the one before, in a block of their name', () => {
    const document = blocked()
    const before = analyze(document)
    const { document: next, select } = run(document, commands.repeatBlock, {
      group: idOf(document, 'unit'),
      times: 3,
      step: { x: 300, y: 0 },
    })
    const whole = select![0]!
    expect(next.groups.find((g) => g.id === whole)!.name).toBe('unit')
    expect(next.groups.filter((g) => g.parent === whole).map((g) => g.name)).toEqual([
      'unit_1',
      'unit_2',
      'unit_3',
    ])
    expect(repeatsOf(next).get(whole)).toBe(3)
    const after = analyze(next)
    expect(after.issues.filter((i) => i.severity === 'error')).toEqual([])
    expect(after.totals.depth).toBe(before.totals.depth + 2)
    // 3x3x3 weights for each of 3 filters, and 3 biases
    expect(after.totals.trainable - before.totals.trainable).toBe(2 * (3 * 3 * 3 * 3 + 3))
  })

  it('go into copies whole, with what they expose', () => {
    const document = blocked()
    const unit = idOf(document, 'unit')
    const exposing = run(document, commands.exposeParam, {
      group: unit,
      layer: idOf(document, 'a'),
      param: 'filters',
      exposed: true,
    }).document
    const { document: next, select } = run(exposing, commands.duplicate, {
      layers: [unit],
      offset: { x: 0, y: 200 },
    })
    const copy = next.groups.find((g) => g.id === select![0])!
    expect(copy).toMatchObject({ name: 'unit2', position: { x: 200, y: 200 } })
    expect(copy.exposed).toEqual([{ layer: idOf(next, 'a2'), param: 'filters' }])
    const gone = run(next, commands.removeLayers, { layers: [copy.id] }).document
    expect(gone.layers).toEqual(exposing.layers)
    expect(gone.groups).toEqual(exposing.groups)
  })

  it('go with their last layer', () => {
    const document = blocked()
    const { document: next } = run(document, commands.removeLayers, {
      layers: ['a', 'b'].map((n) => idOf(document, n)),
    })
    expect(next.groups).toEqual([])
  })

  it('are bypassed: what fed them feeds what they fed, and nothing in them counts', () => {
    const document = blocked()
    const { document: next } = run(document, commands.setBypassed, {
      ids: [idOf(document, 'unit')],
      bypassed: true,
    })
    const { layers, issues, totals } = analyze(next)
    expect(layers.has(idOf(next, 'a'))).toBe(false)
    expect(layers.get(idOf(next, 'flatten'))!.inputs).toEqual([idOf(next, 'input')])
    expect(totals.trainable).toBe(layers.get(idOf(next, 'end'))!.trainable)
    expect(issues.filter((i) => i.severity === 'error')).toEqual([])
  })
})

describe('a block’s ends', () => {
  const resnet = presetOf('resnet-20-cifar')!.build()
  const unit = idOf(resnet, 'conv2_2')

  it('are all that its source feeds, shortcuts too', () => {
    const { entries, exits, incoming } = blockEnds(resnet, unit)
    expect(incoming).toHaveLength(2)
    expect(entries.map((end) => resnet.layers.find((l) => l.id === end.layer)!.kind).sort()).toEqual([
      'add',
      'conv2d',
    ])
    expect(exits).toHaveLength(1)
  })

  it('are found again after its wires are gone, and led to a new source together', () => {
    const { incoming } = blockEnds(resnet, unit)
    const source = incoming[0]!.from.layer
    const cut = run(resnet, commands.disconnect, { wires: incoming.map((w) => w.id) }).document
    const back = run(cut, commands.connectBlock, { from: source, group: unit }).document
    const ends = (d: NetworkDocument) => d.wires.map((w) => `${w.from.layer}>${w.to.layer}`).sort()
    expect(ends(back)).toEqual(ends(resnet))
    const conv1 = idOf(resnet, 'conv1')
    const moved = run(resnet, commands.connectBlock, { from: conv1, group: unit }).document
    expect(blockEnds(moved, unit).incoming.map((w) => w.from.layer)).toEqual([conv1, conv1])
  })
})

describe('placing', () => {
  it('gives every block of a network that was never drawn a place, once', () => {
    const placed = placeBlocks(presetOf('resnet-152')!.build(), sizes)
    expect(placed.groups.every((g) => g.position)).toBe(true)
    expect(placeBlocks(placed, sizes)).toBe(placed)
    const top = [...placed.layers.filter((l) => !l.group), ...placed.groups.filter((g) => !g.parent)]
    expect(top.length).toBeLessThan(20)
    const places = top.map((item) => `${item.position!.x} ${item.position!.y}`)
    expect(new Set(places).size).toBe(top.length)
  })

  it('counts the equal blocks in a row', () => {
    const resnet = presetOf('resnet-152')!.build()
    // the first of each stage has a projection shortcut, and stages have 3, 8, 36 and 3 units
    expect(
      ['conv2_x', 'conv3_x', 'conv4_x', 'conv5_x'].map((n) => repeatsOf(resnet).get(idOf(resnet, n))),
    ).toEqual([2, 7, 35, 2])
  })

  it('lays out flat networks of any depth, and keeps the order of the rest when a layer is added', () => {
    const { layers, wires } = presetOf('resnet-152')!.build()
    const boxes = layers.map((l) => ({ id: l.id, width: 148, height: 60 }))
    const edges = wires.map((w) => [w.from.layer, w.to.layer] as const)
    const told: number[] = []
    const places = layoutGraph({ boxes, edges }, sizes.room, (placed) => told.push(placed))
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b))
    expect(told.at(-1)).toBe(layers.length)
    expect(Object.keys(places)).toHaveLength(layers.length)
    const taken = new Set(Object.values(places).map(({ x, y }) => `${x} ${y}`))
    expect(taken.size).toBe(layers.length)
    const more = layoutGraph(
      {
        boxes: [...boxes, { id: 'new', width: 148, height: 60 }],
        edges: [...edges, [layers.at(-1)!.id, 'new']],
      },
      sizes.room,
    )
    for (const { id } of layers) expect(more[id]).toEqual(places[id])
  })

  it('takes loops and loose layers as they are', () => {
    const boxes = ['a', 'b', 'c', 'd'].map((id) => ({ id, width: 100, height: 40 }))
    const places = layoutGraph(
      {
        boxes,
        edges: [
          ['a', 'b'],
          ['b', 'c'],
          ['c', 'b'],
          ['a', 'x'],
        ],
      },
      sizes.room,
    )
    expect(Object.keys(places).sort()).toEqual(['a', 'b', 'c', 'd'])
  })
})
