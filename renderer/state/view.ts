import type { NetworkDocument } from '../../core/network/schema.ts'
import type { Change, Store } from './store.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

/** How much of a layer is drawn: a block, its name, or its parameters too. */
export type Tier = 'far' | 'mid' | 'near'
/** Zoom below which the tier is reached. */
export const FAR_BELOW = 0.4
export const MID_BELOW = 0.65
/** Zoom below which nobody can tell one wire from its neighbour. */
export const BIRD_BELOW = 0.2
export const tierOf = (zoom: number): Tier => (zoom < FAR_BELOW ? 'far' : zoom < MID_BELOW ? 'mid' : 'near')

export type DrawerTab = 'analysis' | 'problems'

/** The list of layers that opens at a place of the canvas. */
export interface QuickAdd {
  /** Where it opens, in pixels of the window. */
  readonly screen: Point
  /** Where the new layer goes, in canvas pixels. */
  readonly canvas: Point
  /** The open end of a wire that was let go there. */
  readonly from?: { readonly layer: string; readonly port: string }
  readonly to?: { readonly layer: string; readonly port: string }
  /** Asked for by key while something is selected: what is added goes behind it. `from` is its output, if it has one. */
  readonly behind?: boolean
  /** The block that the wire leads into, instead of `to`. */
  readonly toBlock?: string
}

/** Why a connection was refused, shown where it happened. */
export interface Refusal {
  readonly screen: Point
  readonly title: string
  readonly detail: string
}

/** A layout that a worker is at. */
export interface Arranging {
  /** Layers and blocks to place, and how many of them are laid out. */
  readonly total: number
  readonly placed: number
  /** When it began, by the window's clock in ms. */
  readonly since: number
}

export type EditorDialog =
  | 'keys'
  | 'commands'
  | 'find'
  | 'connect'
  | 'about'
  | 'settings'
  | 'repeat'
  | 'data'
  | 'weights'

export interface ViewSlice {
  /** Ids of the selected layers, blocks and comments, and of wires, oldest first. */
  readonly selection: readonly string[]
  readonly selectedWires: readonly string[]
  /** Where layers are while they are dragged; becomes one command on drop. */
  readonly dragging: Readonly<Record<string, Point>> | null
  /** The wire that would take in the layer now dragged over it. */
  readonly dropWire: string | null
  /** 1 is a canvas pixel a pixel of the window; the tier follows from it. */
  readonly zoom: number
  readonly tier: Tier
  /** From so far above that wires can only be seen together. */
  readonly bird: boolean
  readonly drawerOpen: boolean
  readonly drawerTab: DrawerTab
  readonly minimap: boolean
  readonly quickAdd: QuickAdd | null
  readonly refusal: Refusal | null
  readonly dialog: EditorDialog | null
  /** The block whose inside is shown; null for the whole network. */
  readonly scope: string | null
  /** Blocks that are opened in place. */
  readonly opened: readonly string[]
  /** A layout is being worked out. */
  readonly arranging: Arranging | null
  setArranging(arranging: Arranging | null): void
  /** Shows the inside of a block, or the whole network. */
  enter(scope: string | null): void
  setOpened(groups: readonly string[]): void
  select(layers: readonly string[], wires?: readonly string[]): void
  /** Adds to or takes from the selection. */
  toggle(layer: string): void
  drag(positions: Readonly<Record<string, Point>> | null, dropWire?: string | null): void
  setZoom(zoom: number): void
  showDrawer(open: boolean, tab?: DrawerTab): void
  setMinimap(shown: boolean): void
  openQuickAdd(at: QuickAdd | null): void
  refuse(refusal: Refusal | null): void
  openDialog(dialog: EditorDialog | null): void
  /** Drops from the selection what a document no longer holds. */
  forget(document: NetworkDocument): void
}

export function createViewSlice(change: Change<ViewSlice>, get: () => Store): ViewSlice {
  return {
    selection: [],
    selectedWires: [],
    dragging: null,
    dropWire: null,
    zoom: 1,
    tier: 'near',
    bird: false,
    drawerOpen: true,
    drawerTab: 'analysis',
    minimap: true,
    quickAdd: null,
    refusal: null,
    dialog: null,
    scope: null,
    opened: [],
    arranging: null,
    setArranging: (arranging) => change({ arranging }),
    enter: (scope) => change({ scope, quickAdd: null, refusal: null }),
    setOpened: (opened) => change({ opened }),
    select(layers, wires = []) {
      const { selection, selectedWires } = get().view
      if (sameList(selection, layers) && sameList(selectedWires, wires)) return
      change({ selection: layers, selectedWires: wires })
    },
    toggle: (layer) =>
      change(({ selection }) => ({
        selection: selection.includes(layer) ? selection.filter((id) => id !== layer) : [...selection, layer],
      })),
    drag: (dragging, dropWire = null) => change({ dragging, dropWire }),
    setZoom: (zoom) => {
      if (get().view.zoom !== zoom) change({ zoom, tier: tierOf(zoom), bird: zoom < BIRD_BELOW })
    },
    showDrawer: (drawerOpen, tab) => change(tab ? { drawerOpen, drawerTab: tab } : { drawerOpen }),
    setMinimap: (minimap) => change({ minimap }),
    openQuickAdd: (quickAdd) => change({ quickAdd, refusal: null }),
    refuse: (refusal) => change({ refusal }),
    openDialog: (dialog) => change({ dialog }),
    forget(document) {
      const { selection, selectedWires, scope, opened } = get().view
      const wires = new Set(document.wires.map((wire) => wire.id))
      const groups = new Set(document.groups.map((group) => group.id))
      const comments = document.comments?.map((comment) => comment.id) ?? []
      const known = new Set([...document.layers.map((layer) => layer.id), ...groups, ...comments])
      if (scope !== null && !groups.has(scope)) change({ scope: null })
      if (opened.some((id) => !groups.has(id))) change({ opened: opened.filter((id) => groups.has(id)) })
      get().view.select(
        selection.filter((id) => known.has(id)),
        selectedWires.filter((id) => wires.has(id)),
      )
    },
  }
}

const sameList = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((value, index) => value === b[index])
