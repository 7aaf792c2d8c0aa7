import { kindOf, kinds } from '../layers/index.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { type Command, copyOf } from './command.ts'
import { clipOf, commands } from './index.ts'

/** Does a command, on whatever keeps the document. */
export type Run = <A>(command: Command<A>, args: A) => void
/** One edit, its arguments made of the document that it comes upon. */
export type AnyEdit = (document: NetworkDocument, run: Run) => void

const pick = <T>(items: readonly T[], n: number): T | undefined =>
  items[Math.abs(n) % Math.max(1, items.length)]
const bind =
  <A>(command: Command<A>, args: (document: NetworkDocument) => A): AnyEdit =>
  (document, run) =>
    run(command, args(document))

/** What is thrown for one edit: `a` and `b` from 0 to 1000, `x` from -500 to 500. */
export interface Dice {
  readonly a: number
  readonly b: number
  readonly x: number
}

/** Each command with arguments that mostly, not always, name what exists. */
const steps: { readonly [K in keyof typeof commands]: (dice: Dice) => AnyEdit } = {
  addComment: ({ x, a }) =>
    bind(commands.addComment, (d) => ({
      text: `note ${a}`,
      position: { x, y: a },
      width: 200,
      height: a,
      ...(a % 2 && d.groups.length > 0 && { group: groupOf(d, a) }),
    })),
  addLayer: ({ a, b, x }) =>
    bind(commands.addLayer, (d) => ({
      kind: pick(kinds, a)!.kind,
      position: { x, y: x / 2 },
      ...(b % 2 && d.layers.length && { from: { layer: layerOf(d, a), port: 'out' } }),
      ...(b % 5 === 0 && d.layers.length > 0 && { to: { layer: layerOf(d, b), port: 'in' } }),
      ...(b % 3 === 0 && d.groups.length && { group: groupOf(d, a) }),
    })),
  applyRemedy: ({ a, b }) =>
    bind(commands.applyRemedy, (d) => {
      const [layer, other, kind] = [layerOf(d, a), layerOf(d, b), pick(kinds, a)!.kind]
      const splices = [
        { take: [layer], put: [{ kind }, { kind: 'relu' }] },
        { take: [layer, other], put: [] },
        { take: [], before: layer, put: [{ kind: 'relu' }] },
        { take: [], behind: layer, put: [{ kind: 'batchnorm' }, { kind: 'relu' }] },
      ]
      const set = [{ layer: other, params: { filters: b } }]
      return { remedy: { label: { en: '', ko: '' }, splices: [splices[b % 4]!], set, batch: 32 } }
    }),
  arrange: ({ x, b }) =>
    bind(commands.arrange, (d) => ({
      places: { [layerOf(d, b)]: { x, y: 3 }, [groupOf(d, b)]: { x: 4, y: x } },
    })),
  connect: ({ a, b }) =>
    bind(commands.connect, (d) => ({
      from: { layer: layerOf(d, a), port: 'out' },
      to: { layer: layerOf(d, b), port: 'in' },
    })),
  connectBlock: ({ a, b }) =>
    bind(commands.connectBlock, (d) => ({ from: layerOf(d, a), group: groupOf(d, b) })),
  disconnect: ({ a }) => bind(commands.disconnect, (d) => ({ wires: [wireOf(d, a)] })),
  dissolveBlocks: ({ a }) =>
    bind(commands.dissolveBlocks, (d) => ({
      groups: [groupOf(d, a)],
      positions: { [layerOf(d, a)]: { x: 1, y: 2 } },
    })),
  duplicate: ({ a, b, x }) =>
    bind(commands.duplicate, (d) => ({
      layers: d.layers.length > 60 ? [layerOf(d, a)] : [layerOf(d, a), groupOf(d, b)],
      offset: { x, y: x },
    })),
  editComment: ({ a, b }) =>
    bind(commands.editComment, (d) => ({
      comment: commentOf(d, a),
      text: `${b}`,
      width: b,
      height: a,
    })),
  exposeParam: ({ a, b }) =>
    bind(commands.exposeParam, (d) => ({
      group: groupOf(d, a),
      layer: layerOf(d, b),
      param: paramOf(d, layerOf(d, b), a),
      exposed: b % 3 > 0,
    })),
  insertOnWire: ({ a, b, x }) =>
    bind(commands.insertOnWire, (d) => ({
      wire: wireOf(d, a),
      position: { x, y: x },
      ...(b % 2 ? { kind: pick(kinds, a)!.kind } : { layer: layerOf(d, b) }),
      ...(b % 3 === 0 && { along: [wireOf(d, b)], others: { [layerOf(d, x)]: { x: 0, y: x } } }),
      ...(b % 5 === 0 && d.groups.length > 0 && { group: groupOf(d, a) }),
    })),
  makeBlock: ({ a, b, x }) =>
    bind(commands.makeBlock, (d) => ({
      ids: [layerOf(d, a), layerOf(d, b), groupOf(d, b)],
      name: b % 3 ? `block${b}` : '',
      position: { x, y: 0 },
      ...(b % 2 && { others: { [layerOf(d, x)]: { x: 0, y: x } } }),
    })),
  moveLayers: ({ a, b, x }) =>
    bind(commands.moveLayers, (d) => ({
      positions: {
        [layerOf(d, a)]: { x, y: x },
        [groupOf(d, a)]: { x, y: 1 },
        [commentOf(d, a)]: { x: 2, y: x },
      },
      ...(b % 2 && { gesture: 'arrows' }),
    })),
  paste:
    ({ a, b, x }) =>
    (d, run) => {
      const clip = clipOf(d, [layerOf(d, a), d.layers.length > 60 ? 'g0' : groupOf(d, b)])
      if (!clip) return
      run(commands.paste, {
        clip: copyOf(clip),
        offset: { x, y: x },
        keepInputs: b % 2 === 0,
        ...(b % 3 === 0 && d.groups.length > 0 && { group: groupOf(d, a) }),
      })
    },
  reconnect: ({ a, b, x }) =>
    bind(commands.reconnect, (d) => ({
      wire: wireOf(d, a),
      from: { layer: layerOf(d, b), port: 'out' },
      to: { layer: layerOf(d, Math.abs(x)), port: 'in' },
    })),
  removeAndReconnect: ({ a, b }) =>
    bind(commands.removeAndReconnect, (d) => ({ layers: [b % 4 ? layerOf(d, a) : groupOf(d, a)] })),
  removeLayers: ({ a, b }) =>
    bind(commands.removeLayers, (d) => ({
      layers: [b % 4 ? layerOf(d, a) : groupOf(d, a), commentOf(d, b)],
      wires: [wireOf(d, b)],
    })),
  renameBlock: ({ a, b }) =>
    bind(commands.renameBlock, (d) => ({ group: groupOf(d, a), name: b % 3 ? `stage${b % 9}` : ' ' })),
  renameLayer: ({ a, b }) =>
    bind(commands.renameLayer, (d) => ({ layer: layerOf(d, a), name: b % 3 ? `name${b % 9}` : '' })),
  renameNetwork: ({ b }) => bind(commands.renameNetwork, () => ({ name: `net${b % 5}` })),
  repeatBlock: ({ a, b, x }) =>
    bind(commands.repeatBlock, (d) => ({
      group: groupOf(d, a),
      times: d.layers.length > 60 ? 1 : b % 4,
      step: { x, y: 0 },
    })),
  setBypassed: ({ a, b }) =>
    bind(commands.setBypassed, (d) => ({ ids: [layerOf(d, a), groupOf(d, b)], bypassed: b % 3 > 0 })),
  setCollapsed: ({ a, b }) =>
    bind(commands.setCollapsed, (d) => ({ layers: [layerOf(d, a)], collapsed: b % 2 > 0 })),
  setParam: ({ a, b, x }) =>
    bind(commands.setParam, (d) => {
      const [first, other] = [layerOf(d, a), layerOf(d, b)]
      // all of one kind together, or two of any kinds
      const alike = d.layers.filter(({ kind }) => kind === kindOfLayer(d, first)).map(({ id }) => id)
      const param = paramOf(d, first, x)
      const spec = kindOf(kindOfLayer(d, first))?.params[param]
      const values = [b % 9, b, [b % 5, a % 5], spec?.default, b % 2 > 0, 'text', null, x / 7]
      return {
        layers: x % 2 ? alike : [first, other],
        param,
        value: pick(values, a),
        ...(spec?.type === 'axes' && b % 2 && { item: b % 3, value: b % 7 }),
        typing: x % 3 === 0,
      }
    }),
  setRecipe: ({ b }) =>
    bind(commands.setRecipe, () => ({
      recipe: { optimizer: 'adam', learningRate: 0.001, batch: 1 + b, epochs: 3 },
    })),
}

const layerOf = (d: NetworkDocument, n: number) => pick(d.layers, n)?.id ?? 'l0'
const groupOf = (d: NetworkDocument, n: number) => pick(d.groups, n)?.id ?? 'g0'
const commentOf = (d: NetworkDocument, n: number) => pick(d.comments ?? [], n)?.id ?? 'c0'
const kindOfLayer = (d: NetworkDocument, id: string) => d.layers.find((layer) => layer.id === id)?.kind ?? ''
const paramOf = (d: NetworkDocument, layer: string, n: number) =>
  pick(Object.keys(kindOf(kindOfLayer(d, layer))?.params ?? {}), n) ?? 'filters'
const wireOf = (d: NetworkDocument, n: number) => pick(d.wires, n)?.id ?? 'w0'

/** Names to draw from. Things are added oftener than taken away, so that there is something to work on. */
export const editNames = [
  ...(Object.keys(steps) as (keyof typeof steps)[]),
  ...(['addLayer', 'addLayer', 'addLayer', 'connect', 'connect', 'makeBlock'] as const),
]

/** An edit of a name, its arguments chosen by what was thrown. */
export const editOf = (name: keyof typeof steps, dice: Dice): AnyEdit => steps[name](dice)
