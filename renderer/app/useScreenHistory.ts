import { useEffect } from 'react'
import { z } from 'zod'
import { useStore } from '../state/store.ts'
import type { Screen } from '../state/ui.ts'

/** Where a person is, as an entry of the window's history keeps it; reloading keeps the entry. */
const place = z.object({
  screen: z.enum(['gallery', 'editor', 'training'] satisfies Screen[]),
  /** The run that the training screen shows. */
  run: z.string().nullable(),
})
type Place = z.infer<typeof place>

const placeNow = (): Place => {
  const { ui, run } = useStore.getState()
  return { screen: ui.screen, run: ui.screen === 'training' ? run.selected : null }
}

function placeIn(state: unknown): Place | null {
  const read = z.object({ place }).safeParse(state)
  return read.success ? read.data.place : null
}

/** Shows a place again. A network that was open before the window was loaded anew is gone, so its editor is not shown. */
function returnTo({ screen, run }: Place): void {
  const { ui, document, run: runs } = useStore.getState()
  const empty = document.document.layers.length === 0
  ui.show(screen === 'editor' && empty ? 'gallery' : screen)
  if (screen === 'training' && run !== null && run !== runs.selected) void runs.select(run)
}

/**
 * Back and Forward walk the screens that were shown, and a reload in the middle of training comes back to its run: where
 * the window is a browser's page, people press them.
 */
export function useScreenHistory(): void {
  useEffect(() => {
    let walking = false
    const walk = (state: unknown) => {
      walking = true
      returnTo(placeIn(state) ?? { screen: 'gallery', run: null })
      walking = false
    }
    if (placeIn(history.state)?.screen === 'training') walk(history.state)
    history.replaceState({ place: placeNow() }, '')
    const onPop = (event: PopStateEvent) => walk(event.state)
    window.addEventListener('popstate', onPop)
    const unsubscribe = useStore.subscribe((now, before) => {
      const state = { place: placeNow() }
      if (now.ui.screen !== before.ui.screen && !walking) history.pushState(state, '')
      else if (now.run.selected !== before.run.selected) history.replaceState(state, '')
    })
    return () => {
      window.removeEventListener('popstate', onPop)
      unsubscribe()
    }
  }, [])
}
