import { pathOf, scopeOf } from '../../core/network/blocks.ts'
import type { Issue } from '../../core/network/issue.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { Response } from '../../core/protocol/contract.ts'
import type { RunStatus } from './feed.ts'
import type { LayersEvent } from './layers/history.ts'
import { lessonOf } from './layers/lessons.ts'
import { gradientOf, largestGradient, troublesOf } from './layers/trouble.ts'

export type LayerMaps = Response<'run.look'>['layers'][number]

/** What a run has to say on the canvas, by the ids of layers, and of the blocks that they lie in. */
export interface OnCanvas {
  readonly issues: Readonly<Record<string, readonly Issue[]>>
  readonly maps: Readonly<Record<string, LayerMaps>>
}

export const nothingOnCanvas: OnCanvas = { issues: {}, maps: {} }

/** Whether a network has the same layers as another, whatever their parameters: a run of one says something of the other. */
export function sameLayers(a: NetworkDocument, b: NetworkDocument): boolean {
  if (a === b) return true
  if (a.layers.length !== b.layers.length) return false
  const kinds = new Map(b.layers.map(({ id, kind }) => [id, kind]))
  return a.layers.every(({ id, kind }) => kinds.get(id) === kind)
}

/**
 * The newest troubles of a run's gradients, and the layer that made it fail.
 * @param pictures of its layers
 * @param step the last one that it told of
 */
export function issuesOf(
  pictures: readonly LayersEvent[],
  failed: RunStatus['failed'],
  step: number,
): readonly Issue[] {
  const picture = pictures.at(-1)
  const found: Issue[] = []
  const troubles = troublesOf(pictures).at(-1)
  for (const [id, trouble] of troubles ?? []) {
    const figures = picture?.layers.find((layer) => layer.id === id)
    if (!picture || !troubles || !figures || id === failed?.layer) continue
    const [gradient, largest] = [gradientOf(figures), largestGradient(picture, troubles)]
    found.push(lessonOf({ trouble, layer: id, step: picture.step, gradient, largest }))
  }
  if (failed?.layer !== undefined && failed.code === 'not-finite') {
    const where = { step, gradient: Number.NaN, largest: Number.NaN }
    const lesson = lessonOf({ trouble: 'not-finite', layer: failed.layer, ...where })
    found.push(failed.text ? { ...lesson, message: failed.text } : lesson)
  }
  return found
}

/** Puts issues on their layers and on every block around them. */
export function issuesByNode(
  document: NetworkDocument,
  issues: readonly Issue[],
): Readonly<Record<string, readonly Issue[]>> {
  const found: Record<string, readonly Issue[]> = {}
  for (const issue of issues) {
    if (issue.layer === undefined) continue
    const around = pathOf(document, scopeOf(document, issue.layer)).map(({ id }) => id)
    for (const id of [issue.layer, ...around]) found[id] = [...(found[id] ?? []), issue]
  }
  return found
}

/** Puts maps on their layers, and on a block those of its last layer. `layers` are in the order in which they compute. */
export function mapsByNode(
  document: NetworkDocument,
  layers: readonly LayerMaps[],
): Readonly<Record<string, LayerMaps>> {
  const found: Record<string, LayerMaps> = {}
  for (const maps of layers) {
    const around = pathOf(document, scopeOf(document, maps.id)).map(({ id }) => id)
    for (const id of [maps.id, ...around]) found[id] = maps
  }
  return found
}
