import { setParams } from '../network/edit.ts'
import { graphOf, sortLayers } from '../network/graph.ts'
import type { Layer, NetworkDocument } from '../network/schema.ts'
import { type Text, text } from '../network/text.ts'
import { input } from './input.ts'
import type { ParamsOf } from './params.ts'
import { kindOf } from './registry.ts'
import { resolveParams } from './resolve.ts'
import { resolveLayer } from './upgrade.ts'

export interface HeadChange {
  /** Id of the layer that changed. */
  readonly layer: string
  readonly param: string
  readonly from: number
  readonly to: number
  /** One sentence for the person whose network it is. */
  readonly message: Text
}

/** The layer that sets the number of classes: the last one before the output whose kind names a `classesParam`. */
export function headOf(document: NetworkDocument): Layer | null {
  const { main } = endsOf(document)
  return main.length === 1 ? headBefore(document, main[0]!) : null
}

/** Layers that nothing follows, those that end side branches apart. */
function endsOf(document: NetworkDocument): { main: readonly Layer[]; side: readonly Layer[] } {
  const graph = graphOf(document)
  const ends = sortLayers(document).order.filter(
    (layer) => layer.kind !== 'input' && graph.outgoing.get(layer.id)!.length === 0,
  )
  const side = ends.filter((layer) => kindOf(layer.kind)?.auxiliary)
  return { main: ends.filter((layer) => !side.includes(layer)), side }
}

function headBefore(document: NetworkDocument, end: Layer): Layer | null {
  const graph = graphOf(document)
  let layer: Layer | undefined = end
  while (layer) {
    const { kind } = resolveLayer(layer)
    if (!kind) return null
    if (kind.classesParam) return layer
    const wires = graph.incoming.get(layer.id)!
    if (kind.weights || wires.length !== 1) return null
    layer = graph.layers.get(wires[0]!.from.layer)
  }
  return null
}

/**
 * The network with its last weighted layer, and that of each auxiliary output, as wide as there are classes, and what
 * was changed for that; the same document and null when it fits already or has no such layer.
 */
export function adaptHead(
  document: NetworkDocument,
  classes: number,
): { readonly document: NetworkDocument; readonly change: HeadChange | null } {
  const head = headOf(document)
  const param = head ? kindOf(head.kind)?.classesParam : undefined
  if (!head || !param) return { document, change: null }
  const from = Number(resolveLayer(head).params[param])
  if (from === classes) return { document, change: null }
  const sides = endsOf(document).side.flatMap((end) => headBefore(document, end) ?? [])
  const all = [head, ...sides]
  const names = all.map((layer) => layer.name).join(', ')
  const change: HeadChange = {
    layer: head.id,
    param,
    from,
    to: classes,
    message: text(
      `${names} ${sides.length > 0 ? 'were' : 'was'} changed from ${from} to ${classes} outputs, one a class of the data.`,
      `${names}의 출력 수를 데이터의 클래스 수에 맞춰 ${from}에서 ${classes}(으)로 바꿨습니다.`,
    ),
  }
  const adapted = all.reduce(
    (current, layer) => setParams(current, layer.id, { [kindOf(layer.kind)!.classesParam!]: classes }),
    document,
  )
  return { document: adapted, change }
}

/**
 * How pixels become this network's input, as its first input layer says (an `InputTransform` of core/data); null when
 * it has none or a parameter of it is not valid.
 */
export function inputTransformOf(document: NetworkDocument): ParamsOf<typeof input.params> | null {
  const layer = document.layers.find((candidate) => candidate.kind === input.kind)
  if (!layer || !resolveLayer(layer).kind) return null
  const { params, issues } = resolveParams(input, layer.params)
  if (issues.some((issue) => issue.severity === 'error')) return null
  return params
}
