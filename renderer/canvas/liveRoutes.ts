import { create } from 'zustand'
import type { Route } from '../../core/drawing/route.ts'

/**
 * Ways of wires while their ends are dragged. They stand apart from React Flow's edges, of which a change of one makes
 * it look at all: with thousands of them that alone would take the time of a frame.
 */
export const useLiveRoutes = create<{ readonly routes: ReadonlyMap<string, Route> }>()(() => ({
  routes: new Map(),
}))

export const useLiveRoute = (edge: string): Route | undefined => useLiveRoutes((s) => s.routes.get(edge))
