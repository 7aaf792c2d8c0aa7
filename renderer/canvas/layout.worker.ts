import { type LayoutGraph, layoutGraph, type Room } from '../../core/commands/layout.ts'
import type { Point } from '../state/view.ts'

/** What the worker tells: how many boxes are laid out so far, or at the end the places of all. */
export type Told = { readonly placed: number } | { readonly places: Readonly<Record<string, Point>> }

/** Time between two tellings, in ms. */
const EVERY = 100

/** Lays out a graph apart from the window, which stays alive meanwhile and may end it at any time. */
self.onmessage = ({ data }: MessageEvent<{ graph: LayoutGraph; room: Room }>) => {
  const tell = (told: Told) => self.postMessage(told)
  let last = performance.now()
  const places = layoutGraph(data.graph, data.room, (placed) => {
    const now = performance.now()
    if (now - last < EVERY) return
    last = now
    tell({ placed })
  })
  tell({ places })
}
