import { type LayoutGraph, layoutGraph, type Room } from '../../core/commands/layout.ts'

/** Lays out a graph apart from the window, which stays alive meanwhile and may end it at any time. */
self.onmessage = ({ data }: MessageEvent<{ graph: LayoutGraph; room: Room }>) => {
  self.postMessage(layoutGraph(data.graph, data.room))
}
