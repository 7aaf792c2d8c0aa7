import type { NetworkDocument } from '../network/schema.ts'
import { text } from '../network/text.ts'
import type { Command } from './command.ts'
import { addWire, type End, inputPorts } from './ports.ts'

export interface Connect {
  readonly from: End
  readonly to: End
}

/**
 * Leads the output of one layer to an input port of another. A port that takes one wire gives up the one it has; one
 * that takes many keeps them all, the new one last. Ask `canConnect` first: here only ends that don't exist and wires
 * that stand already are refused.
 */
export const connect: Command<Connect> = {
  id: 'connect',
  label: text('Connect', '연결'),
  edit(draft, { from, to }) {
    if (isNew(draft, from, to)) addWire(draft, from, to)
    return undefined
  },
}

export interface Reconnect extends Connect {
  readonly wire: string
}

/** Leads an existing wire elsewhere; it stays as it is where `connect` would do nothing. */
export const reconnect: Command<Reconnect> = {
  id: 'reconnect',
  label: text('Move connection', '연결 옮기기'),
  edit(draft, { wire, from, to }) {
    if (!draft.wires.some((w) => w.id === wire) || !isNew(draft, from, to)) return undefined
    draft.wires = draft.wires.filter((w) => w.id !== wire)
    addWire(draft, from, to)
    return undefined
  },
}

function isNew(document: NetworkDocument, from: End, to: End): boolean {
  const there = document.layers.some((layer) => layer.id === from.layer)
  const port = inputPorts(document, to.layer).some((p) => p.name === to.port)
  const already = document.wires.some(
    (w) => w.from.layer === from.layer && w.to.layer === to.layer && w.to.port === to.port,
  )
  return there && port && !already
}
