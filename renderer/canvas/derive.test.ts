import { describe, expect, it } from 'vitest'
import { analyze } from '../../core/analysis/analyze.ts'
import { applyCommand, type Command, commands, placeBlocks } from '../../core/commands/index.ts'
import { placementOf } from '../../core/drawing/placement.ts'
import { anatomyOf, BLOCK } from '../../core/drawing/size.ts'
import { parseDocument, serializeDocument } from '../../core/network/document.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { presetOf } from '../../presets/index.ts'
import { lenet5 } from '../../presets/lenet5.ts'
import { createDeriver } from './derive.ts'
import type { LayerNode, Scene, SceneInput } from './scene.ts'

const NONE: readonly string[] = []
const input = (document: NetworkDocument, more: Partial<SceneInput> = {}): SceneInput => ({
  placement: placementOf(document, null, NONE),
  analysis: analyze(document),
  selection: [],
  selectedWires: [],
  dragging: null,
  dropWire: null,
  describe: (data) => ('layer' in data ? data.layer.name : data.facts.group.name),
  ...more,
})
const edit = <A>(document: NetworkDocument, command: Command<A>, args: A) =>
  applyCommand(document, command, args).document
const idOf = (document: NetworkDocument, name: string) => document.layers.find((l) => l.name === name)!.id

const layersOf = ({ nodes }: Scene) => nodes as LayerNode[]

describe('the canvas’ nodes and edges', () => {
  const network = lenet5.build()

  it('stand for the layers and wires, in the order data flows', () => {
    const { nodes, edges } = createDeriver()(input(network))
    expect(nodes.map((node) => node.id)).toEqual(analyze(network).order)
    expect(edges).toHaveLength(network.wires.length)
    const c1 = edges.find((edge) => edge.source === idOf(network, 'c1'))!
    expect(c1.data).toMatchObject({ shape: [6, 28, 28], changed: true, broken: false })
    const tanh = edges.find((edge) => edge.source === idOf(network, 'c1-tanh'))!
    expect(tanh.data!.changed).toBe(false)
  })

  it('stay the same objects where nothing changed', () => {
    const derive = createDeriver()
    const before = derive(input(network))
    const c5 = idOf(network, 'c5')
    const next = edit(network, commands.setParam, { layers: [c5], param: 'filters', value: 60 })
    const after = derive(input(next))
    const changed = after.nodes
      .filter((node, i) => node !== before.nodes[i])
      .map((node) => (node as LayerNode).data.layer.name)
    // what comes before C5 is untouched
    expect(changed).toContain('c5')
    expect(changed).not.toContain('c3')
    const sources = after.edges.filter((edge, i) => edge !== before.edges[i]).map((edge) => edge.source)
    expect(sources).toEqual(['c5', 'c5-tanh', 'flatten'].map((name) => idOf(next, name)))
    expect(derive(input(next)).nodes).toEqual(after.nodes)
  })

  it('follow a drag without touching the document', () => {
    const derive = createDeriver()
    const before = derive(input(network))
    const id = idOf(network, 's2')
    const dragged = derive(input(network, { dragging: { [id]: { x: 7, y: 9 } } }))
    expect(dragged.nodes.find((node) => node.id === id)!.position).toEqual({ x: 7, y: 9 })
    expect(dragged.nodes.filter((node, i) => node !== before.nodes[i])).toHaveLength(1)
  })

  it('leave wires as they are while their ends are dragged, and tell their ways beside them', () => {
    const derive = createDeriver()
    const id = idOf(network, 's2')
    const ends = (scene: Scene) => scene.edges.filter((e) => e.source === id || e.target === id)
    const input0 = input(network)
    const before = derive(input0)
    derive({ ...input0, dragging: { [id]: { x: 7, y: 9 } } })
    const there = derive({ ...input0, dragging: { [id]: { x: 70, y: 90 } } })
    expect(ends(there).map((edge) => edge.id)).toEqual([...there.live.keys()])
    expect(there.edges).toEqual(before.edges)
    const dropped = derive(
      input(edit(network, commands.moveLayers, { positions: { [id]: { x: 70, y: 90 } } })),
    )
    expect(dropped.live.size).toBe(0)
    expect(ends(dropped).map((edge) => edge.data!.route)).toEqual([...there.live.values()])
  })

  it('show a layer of unknown kind, with the ports its wires lead to and why nothing flows', () => {
    const text = serializeDocument(network).replace('"subsampling"', '"from-the-future"')
    const document = parseDocument(text)
    const scene = createDeriver()(input(document))
    const { edges } = scene
    const node = layersOf(scene).find((n) => n.data.layer.kind === 'from-the-future')!
    expect(node.data.anatomy).toMatchObject({ form: 'unknown', category: 'unknown' })
    expect(node.data.inputs.map((port) => port.name)).toEqual(['in'])
    expect(node.data.issues.map((issue) => issue.code)).toEqual(['unknown-kind'])
    expect(edges.find((edge) => edge.source === node.id)!.data!.broken).toBe(true)
  })
})

describe('a layer as it is drawn', () => {
  const network = lenet5.build()
  const layer = (name: string) => network.layers.find((l) => l.name === name)!

  it('has the form and the size of its kind', () => {
    expect(anatomyOf(layer('c1'))).toMatchObject({ form: 'full', category: 'conv', counted: true })
    expect(anatomyOf(layer('c1-tanh'))).toMatchObject({ form: 'compact', rows: [] })
    const short = { ...layer('c1'), name: 'x' }
    const long = { ...layer('c1'), name: '표면결함_특징추출_다중해상도_잔차블록' }
    expect(anatomyOf(short).width).toBe(anatomyOf(long).width)
  })

  it('shows its main parameters and those that differ from their default, four at most', () => {
    expect(anatomyOf(layer('c1')).rows.map((row) => row.name)).toEqual(['filters', 'kernel', 'padding'])
    const params = { ...layer('c1').params, stride: [2, 2], groups: 2, dilation: [2, 2] }
    expect(anatomyOf({ ...layer('c1'), params }).rows).toHaveLength(4)
  })
})

describe('what feeds an opened block', () => {
  it('stands left of all its branches, halfway between them, and parts beside the gate', () => {
    const network = presetOf('googlenet')!.build()
    const module = network.groups.find((group) => group.name === 'inception_3a')!
    const placed = placeBlocks(network, {
      layer: anatomyOf,
      block: BLOCK,
      room: { width: 1200, height: 700 },
    })
    const { nodes, edges } = createDeriver()(
      input(network, { placement: placementOf(placed, module.id, NONE), analysis: analyze(placed) }),
    )
    const gate = nodes.find((node) => node.type === 'gate' && node.data.side === 'in')!
    const fed = edges.filter((edge) => edge.source === gate.id)
    expect(fed).toHaveLength(4)
    const targets = fed.map((edge) => nodes.find((node) => node.id === edge.target)!)
    const tops = targets.map((node) => node.position.y)
    expect(gate.position.x + 116).toBeLessThan(Math.min(...targets.map((node) => node.position.x)))
    expect(gate.position.y).toBe((Math.min(...tops) + Math.max(...tops)) / 2)
    for (const edge of fed) {
      const numbers = edge.data!.route.path.match(/-?\d+(\.\d+)?/g)!.map(Number)
      const xs = numbers.filter((_, i) => i % 2 === 0)
      // down or up once, before anything else
      expect(xs.at(-1)! - xs[1]!).toBeGreaterThan(40)
      expect(numbers.at(-3)).toBe(numbers.at(-1))
    }
  })
})
