import { commands, type LayoutGraph } from '../../core/commands/index.ts'
import { BLOCK } from '../../core/drawing/size.ts'
import { useStore } from '../state/store.ts'
import type { Point } from '../state/view.ts'
import { placementNow } from './blocks.ts'
import type { Told } from './layout.worker.ts'
import { stage } from './stage.ts'

let worker: Worker | null = null

/**
 * Places what is shown, or what is selected of it, in the order data flows, in rows of the width at which the window
 * shows them largest. The layout is worked out by a worker, which tells how far it is; `stopArranging` ends it, and so
 * does any edit meanwhile.
 */
export async function arrange(only?: readonly string[]): Promise<void> {
  stopArranging()
  const { document, view } = useStore.getState()
  const before = document.document
  const graph = graphOf(only ? new Set(only) : null)
  if (!graph) return
  view.setArranging({ total: graph.boxes.length, placed: 0, since: performance.now() })
  const mine = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' })
  worker = mine
  const places = await ask(mine, graph)
  if (worker !== mine || places === null) return
  stopArranging()
  if (useStore.getState().document.document !== before) return
  document.run(commands.arrange, { places })
  if (!only) stage.fit()
}

/** Ends a layout that is under way. */
export function stopArranging(): void {
  if (!worker) return
  worker.terminate()
  worker.dispatchEvent(new Event('stopped'))
  worker = null
  useStore.getState().view.setArranging(null)
}

function ask(worker: Worker, graph: LayoutGraph): Promise<Record<string, Point> | null> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Told>) => {
      if ('places' in data) return resolve(data.places)
      const { arranging, setArranging } = useStore.getState().view
      if (arranging) setArranging({ ...arranging, placed: data.placed })
    }
    worker.onerror = (event) => {
      stopArranging()
      reject(new Error(event.message))
    }
    worker.addEventListener('stopped', () => resolve(null), { once: true })
    worker.postMessage({ graph, room: stage.room() })
  })
}

/** What is seen side by side, as a graph; null where that is nothing. */
function graphOf(only: ReadonlySet<string> | null): LayoutGraph | null {
  const { document, items, standIn, scope } = placementNow()
  const chosen = [...items.values()].filter((item) => (only ? only.has(item.id) : item.scope === scope))
  const home = chosen[0]?.scope
  const boxes = chosen
    .filter((item) => item.scope === home)
    // the document has blocks closed; open ones push others away where they are drawn
    .map(({ id, type, box }) => ({
      id,
      ...(type === 'frame' ? BLOCK : { width: box.width, height: box.height }),
    }))
  if (boxes.length === 0) return null
  const inside = new Set(boxes.map(({ id }) => id))
  const upTo = (layer: string): string | undefined => {
    let at = standIn.get(layer)
    while (at !== undefined && !inside.has(at)) at = items.get(at)?.frame ?? undefined
    return at
  }
  const edges = document.wires.flatMap((wire) => {
    const [from, to] = [upTo(wire.from.layer), upTo(wire.to.layer)]
    return from !== undefined && to !== undefined && from !== to ? [[from, to] as const] : []
  })
  return { boxes, edges }
}
