import { kindOf } from '../layers/index.ts'
import type { Port } from '../layers/kind.ts'
import { freshId } from '../network/edit.ts'
import type { NetworkDocument, Wire } from '../network/schema.ts'

export type End = Wire['from']

/** The input ports of a layer. Of a kind this version doesn't know, those that wires lead to. */
export function inputPorts(document: NetworkDocument, layer: string): readonly Port[] {
  const kind = document.layers.find((l) => l.id === layer)?.kind
  const known = kind === undefined ? undefined : kindOf(kind)
  if (known) return known.inputs
  const names = new Set(document.wires.filter((w) => w.to.layer === layer).map((w) => w.to.port))
  return [...names].map((name) => ({ name, variadic: true }))
}

/** Whether a port takes any number of wires. */
export const takesMany = (document: NetworkDocument, to: End): boolean =>
  inputPorts(document, to.layer).find((port) => port.name === to.port)?.variadic === true

/** Adds a wire to the draft. A port that takes one wire gives up the one it has. */
export function addWire(draft: NetworkDocument, from: End, to: End): Wire {
  if (!takesMany(draft, to))
    draft.wires = draft.wires.filter((w) => w.to.layer !== to.layer || w.to.port !== to.port)
  const { id, nextId } = freshId(draft, 'w')
  const wire = { id, from: { ...from }, to: { ...to } }
  draft.nextId = nextId
  draft.wires.push(wire)
  return wire
}
