import { createDocumentSlice, type DocumentSlice } from './document.ts'
import type { Change, Store } from './store.ts'
import { createViewSlice, type ViewSlice } from './view.ts'

/** For tests: the two slices that edits touch, without the rest of the window. */
export function stand(): { document: DocumentSlice; view: ViewSlice } {
  const store = {} as { document: DocumentSlice; view: ViewSlice }
  const get = () => store as unknown as Store
  const changer =
    <K extends 'document' | 'view'>(key: K): Change<(typeof store)[K]> =>
    (change) => {
      const part = typeof change === 'function' ? change(store[key]) : change
      store[key] = { ...store[key], ...part }
    }
  store.view = createViewSlice(changer('view'), get)
  store.document = createDocumentSlice(changer('document'), get)
  return store
}
