import { applyCommand, commands, layoutGraph } from '../../core/commands/index.ts'
import { anatomyOf } from '../../core/drawing/size.ts'
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

/** New places for everything that stands in a block, or in none, beside a new layer. */
function placesFor(document: NetworkDocument, made: readonly string[]): Record<string, Point> {
  const groups = new Set(document.layers.filter(({ id }) => made.includes(id)).map(({ group }) => group))
  const places: Record<string, Point> = {}
  for (const group of groups) {
    const layers = document.layers.filter((layer) => layer.group === group)
    const boxes = layers.map((layer) => {
      const { width, height } = anatomyOf(layer)
      return { id: layer.id, width, height }
    })
    const edges = document.wires.map((wire) => [wire.from.layer, wire.to.layer] as const)
    const left = Math.min(...layers.map((layer) => layer.position.x))
    const top = Math.min(...layers.map((layer) => layer.position.y))
    for (const [id, { x, y }] of Object.entries(layoutGraph({ boxes, edges }, stage.room())))
      places[id] = { x: Math.round(left + x), y: Math.round(top + y) }
  }
  return places
}
