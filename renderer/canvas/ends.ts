import i18next from 'i18next'
import { canConnect, type Refusal } from '../../core/analysis/connect.ts'
import { blockEnds, commands } from '../../core/commands/index.ts'
import { anatomyOf } from '../../core/drawing/size.ts'
import { blocksOf } from '../../core/network/blocks.ts'
import { OUTPUT_PORT } from '../../core/network/document.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { text } from '../../core/network/text.ts'
import { useStore } from '../state/store.ts'

/** What a wire on the canvas connects: layers, or closed blocks that stand for layers inside them. */
export interface Ends {
  /** A layer or a block. */
  readonly source: string
  readonly target: string
  /** Of a layer: which of its inputs; the first where absent. */
  readonly port?: string
}

/** The layer whose output an item gives; null for a block with several outputs, or none. */
export function exitOf(document: NetworkDocument, id: string): string | null {
  const { layers, groups } = blocksOf(document)
  if (layers.has(id)) return id
  if (!groups.has(id)) return null
  const { exits } = blockEnds(document, id)
  return exits.length === 1 ? exits[0]! : null
}

/** Why a wire may not be drawn, or null; a port that has its one wire is no reason, since the new one replaces it. */
export function refusalOf({ source, target, port }: Ends): Refusal | null {
  const { document } = useStore.getState().document
  const { layers, groups } = blocksOf(document)
  const from = exitOf(document, source)
  if (from === null) return manyOutputs(groups.get(source)?.name ?? '')
  const ends = layers.has(target)
    ? [{ layer: target, port: port ?? firstInput(document, target) }]
    : blockEnds(document, target).entries
  if (ends.length === 0)
    return { code: 'no-such-port', message: text(say('en', 'block.closed'), say('ko', 'block.closed')) }
  for (const end of ends) {
    const refusal = canConnect(document, from, end)
    if (refusal && refusal.code !== 'port-full' && refusal.code !== 'connected') return refusal
  }
  return null
}

const say = (lng: 'en' | 'ko', key: string, values: Record<string, unknown> = {}) =>
  i18next.t(key, { ns: 'canvas', lng, ...values })

const manyOutputs = (name: string): Refusal => ({
  code: 'no-such-port',
  message: text(say('en', 'block.manyOutputs', { name }), say('ko', 'block.manyOutputs', { name })),
})

/** Draws a wire; ask `refusalOf` first. */
export function connectEnds({ source, target, port }: Ends): void {
  const { document } = useStore.getState()
  const from = exitOf(document.document, source)
  if (from === null) return
  if (blocksOf(document.document).layers.has(target))
    document.run(commands.connect, {
      from: { layer: from, port: OUTPUT_PORT },
      to: { layer: target, port: port ?? firstInput(document.document, target) },
    })
  else document.run(commands.connectBlock, { from, group: target })
}

/** The first input of a layer, for a wire that is let go on its body. */
export function firstInput(document: NetworkDocument, id: string): string {
  const layer = blocksOf(document).layers.get(id)
  return layer ? (anatomyOf(layer).kind?.inputs[0]?.name ?? '') : ''
}
