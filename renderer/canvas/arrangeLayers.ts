import { commands, layoutGraph } from '../../core/commands/index.ts'
import { useStore } from '../state/store.ts'
import { anatomyOf } from './size.ts'
import { stage } from './stage.ts'

/** Places layers in rows of the width at which the window shows them largest, and shows them. */
export function arrangeLayers(ids: readonly string[]): void {
  const { document } = useStore.getState()
  const { layers, wires } = document.document
  const boxes = layers
    .filter((layer) => ids.includes(layer.id))
    .map((layer) => ({ id: layer.id, width: anatomyOf(layer).width, height: anatomyOf(layer).height }))
  const edges = wires.map((wire) => [wire.from.layer, wire.to.layer] as const)
  document.run(commands.arrange, { places: layoutGraph({ boxes, edges }, stage.room()) })
  stage.fit()
}
