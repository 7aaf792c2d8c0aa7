import { applyCommand, commands } from '../../core/commands/index.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { useStore } from '../state/store.ts'
import { anatomyOf } from './size.ts'
import { stage } from './stage.ts'

/** Above this many layers one width is reckoned instead of trying several. */
const FEW = 80
/** Room of an average row, its gap included, in canvas pixels. */
const ROW = 180
const WIDTHS = [700, 900, 1050, 1200, 1400, 1700, 2100]

/** Places layers in rows of the width at which the window shows them largest, and shows them. */
export function arrangeLayers(ids: readonly string[]): void {
  const { document } = useStore.getState()
  const layers = document.document.layers.filter((layer) => ids.includes(layer.id))
  const sizes = Object.fromEntries(layers.map((layer) => [layer.id, anatomyOf(layer)]))
  const args = (rowWidth: number) => ({ layers: ids, sizes, rowWidth })
  const room = stage.room()
  const all = layers.reduce((sum, layer) => sum + sizes[layer.id]!.width + 72, 0)
  const reckoned = Math.max(900, Math.sqrt((all * ROW * room.width) / room.height))
  const zoomAt = (rowWidth: number) =>
    zoomOf(applyCommand(document.document, commands.arrange, args(rowWidth)).document, ids, room)
  const best =
    layers.length > FEW ? reckoned : WIDTHS.reduce((a, b) => (zoomAt(b) > zoomAt(a) ? b : a), WIDTHS[0]!)
  document.run(commands.arrange, args(best))
  stage.fit()
}

/** How large the window could show the layers; 1 is their own size. */
function zoomOf(
  network: NetworkDocument,
  ids: readonly string[],
  room: { width: number; height: number },
): number {
  const layers = network.layers.filter((layer) => ids.includes(layer.id))
  const boxes = layers.map((layer) => ({ ...layer.position, ...anatomyOf(layer) }))
  const width = Math.max(...boxes.map((b) => b.x + b.width)) - Math.min(...boxes.map((b) => b.x))
  const height = Math.max(...boxes.map((b) => b.y + b.height)) - Math.min(...boxes.map((b) => b.y))
  return Math.min(room.width / width, room.height / height)
}
