import { create } from 'zustand'
import { placed } from '../canvas/placed.ts'
import { createDocumentSlice, type DocumentSlice } from './document.ts'
import { createRunSlice, type RunSlice } from './run.ts'
import { createUiSlice, type UiSlice } from './ui.ts'
import { createViewSlice, type ViewSlice } from './view.ts'

/**
 * The window's one store. `document` is changed by commands alone; `view` is what is looked at and selected; `run`
 * what the trainer tells (metrics themselves lie in ring buffers outside, see run.ts); `ui` the chrome.
 */
export interface Store {
  readonly document: DocumentSlice
  readonly view: ViewSlice
  readonly run: RunSlice
  readonly ui: UiSlice
}

/** Changes one slice: every slice creator gets its own. */
export type Change<S> = (change: Partial<S> | ((slice: S) => Partial<S>)) => void

export const useStore = create<Store>()((set, get) => {
  const changer =
    <K extends keyof Store>(key: K): Change<Store[K]> =>
    (change) =>
      set((store) => {
        const part = typeof change === 'function' ? change(store[key]) : change
        return { [key]: { ...store[key], ...part } } as Pick<Store, K>
      })
  return {
    document: createDocumentSlice(changer('document'), get, placed),
    view: createViewSlice(changer('view'), get),
    run: createRunSlice(changer('run'), get),
    ui: createUiSlice(changer('ui'), get),
  }
})
