import { kindOf } from '../layers/index.ts'
import { OUTPUT_PORT } from '../network/document.ts'
import type { NewLayer, Remedy, Splice } from '../network/remedy.ts'
import type { Layer, NetworkDocument } from '../network/schema.ts'
import { text } from '../network/text.ts'
import { type AddLayer, createLayer } from './addLayer.ts'
import { type Command, copyOf } from './command.ts'
import { moveTo } from './moveLayers.ts'
import { addWire } from './ports.ts'

export interface ApplyRemedy {
  readonly remedy: Remedy
  /** Places of layers and blocks afterwards, new ones too, whose ids are those that a trial on the same document gives. */
  readonly places?: Readonly<Record<string, AddLayer['position']>>
}

/** Room that a new layer takes where no place is given for it. */
const STEP = { x: 48, y: 48 }

/** Does what an issue recommends, in one step of undo. */
export const applyRemedy: Command<ApplyRemedy> = {
  id: 'apply-remedy',
  label: text('Apply recommendation', '권장 수정 적용'),
  edit(draft, { remedy, places = {} }) {
    const made: string[] = []
    for (const part of remedy.splices ?? []) made.push(...splice(draft, part))
    for (const { layer: id, params } of remedy.set ?? []) {
      const layer = draft.layers.find((candidate) => candidate.id === id)
      if (layer) Object.assign(layer.params, copyOf(params))
    }
    if (remedy.batch !== undefined && draft.recipe) draft.recipe.batch = remedy.batch
    moveTo(draft, places)
    return made.length > 0 ? made : undefined
  },
}

/** Gives the ids of the layers it made; none where a layer that it names is gone, or a kind to put takes no input. */
function splice(draft: NetworkDocument, { take, put, before, behind }: Splice): string[] {
  const anchor = take[0] ?? before ?? behind
  const first = draft.layers.find((layer) => layer.id === anchor)
  const known = put.every(({ kind }) => (kindOf(kind)?.inputs.length ?? 0) > 0)
  if (!first || !known || !take.every((id) => draft.layers.some((layer) => layer.id === id))) return []
  const gone = new Set(take)
  const last = take.at(-1)
  const into = draft.wires.filter((wire) =>
    behind === undefined
      ? wire.to.layer === anchor && !gone.has(wire.from.layer)
      : wire.from.layer === behind,
  )
  const out = last === undefined ? into : draft.wires.filter((wire) => wire.from.layer === last)
  const source = behind === undefined ? into[0]?.from : { layer: behind, port: OUTPUT_PORT }
  // a source that goes on to several: the new layers stand between it and every one of them
  const ends = out.map((wire) => ({ wire, from: { ...wire.from } }))
  const made = put.map((layer, i) => create(draft, layer, first, i))
  // where drawings that go by the order of layers expect them
  const fresh = draft.layers.splice(draft.layers.length - made.length, made.length)
  const place = draft.layers.findIndex((layer) => layer.id === anchor) + (behind === undefined ? 0 : 1)
  draft.layers.splice(place, 0, ...fresh)
  draft.layers = draft.layers.filter((layer) => !gone.has(layer.id))
  draft.wires = draft.wires.filter(
    (wire) => !gone.has(wire.to.layer) && (!gone.has(wire.from.layer) || out.includes(wire)),
  )
  const start = source && { ...source }
  const end = made.length > 0 ? { layer: made.at(-1)!, port: OUTPUT_PORT } : start
  if (!end) draft.wires = draft.wires.filter((wire) => !gone.has(wire.from.layer))
  for (const { wire } of ends) if (end) wire.from = { ...end }
  made.forEach((id, i) => {
    const from = i === 0 ? start : { layer: made[i - 1]!, port: OUTPUT_PORT }
    if (from) addWire(draft, from, { layer: id, port: kindOf(put[i]!.kind)!.inputs[0]!.name })
  })
  return made
}

function create(draft: NetworkDocument, { kind, params = {} }: NewLayer, at: Layer, i: number): string {
  const position = { x: at.position.x + i * STEP.x, y: at.position.y + (i + 1) * STEP.y }
  const layer = createLayer(draft, kind, position)!
  Object.assign(layer.params, copyOf(params))
  if (at.group !== undefined) layer.group = at.group
  return layer.id
}
