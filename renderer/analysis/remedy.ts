import { applyCommand, commands, layoutGraph } from '../../core/commands/index.ts'
import { placementOf } from '../../core/drawing/placement.ts'
import { scopeOf } from '../../core/network/blocks.ts'
import type { Remedy } from '../../core/network/remedy.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { stage } from '../canvas/stage.ts'
import { useStore } from '../state/store.ts'
import type { Point } from '../state/view.ts'

/** Makes the change that an issue recommends, in one step of undo, with room for layers that it adds. */
export function applyNow(remedy: Remedy): void {
  const { document } = useStore.getState()
  const trial = applyCommand(document.document, commands.applyRemedy, { remedy })
  const places = trial.select ? placesFor(trial.document, trial.select) : {}
  document.run(commands.applyRemedy, { remedy, places })
}

/** New places for all that stands beside a new layer, in the block that it is in or in none. */
function placesFor(document: NetworkDocument, made: readonly string[]): Record<string, Point> {
  const places: Record<string, Point> = {}
  for (const scope of new Set(made.map((id) => scopeOf(document, id)))) {
    const { items, standIn } = placementOf(document, scope, [])
    const boxes = [...items.values()].filter((item) => item.scope === scope)
    const edges = document.wires.flatMap((wire): (readonly [string, string])[] => {
      const [from, to] = [standIn.get(wire.from.layer), standIn.get(wire.to.layer)]
      return from !== undefined && to !== undefined && from !== to ? [[from, to]] : []
    })
    const left = Math.min(...boxes.map(({ box }) => box.x))
    const top = Math.min(...boxes.map(({ box }) => box.y))
    const sizes = boxes.map(({ id, box: { width, height } }) => ({ id, width, height }))
    for (const [id, { x, y }] of Object.entries(layoutGraph({ boxes: sizes, edges }, stage.room())))
      places[id] = { x: Math.round(left + x), y: Math.round(top + y) }
  }
  return places
}
