import { text } from '../network/text.ts'
import type { Command } from './command.ts'
import { addWire, type End, inputPorts } from './ports.ts'

export interface Connect {
  readonly from: End
  readonly to: End
}

/**
 * Leads the output of one layer to an input port of another. A port that takes one wire gives up the one it has; one
 * that takes many keeps them all, the new one last. Ask `canConnect` first: here only ends that don't exist are refused.
 */
export const connect: Command<Connect> = {
  id: 'connect',
  label: text('Connect', '연결'),
  edit(draft, { from, to }) {
    const there = draft.layers.some((layer) => layer.id === from.layer)
    const port = inputPorts(draft, to.layer).some((p) => p.name === to.port)
    const already = draft.wires.some(
      (w) => w.from.layer === from.layer && w.to.layer === to.layer && w.to.port === to.port,
    )
    if (there && port && !already) addWire(draft, from, to)
    return undefined
  },
}
