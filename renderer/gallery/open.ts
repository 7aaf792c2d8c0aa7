import type { NetworkDocument } from '../../core/network/schema.ts'
import { useStore } from '../state/store.ts'

/**
 * Shows a network in the editor, one of its layers selected if asked. The one that is open already is only shown, so
 * that going from a run back to its network keeps the undo history.
 */
export function editNetwork(document: NetworkDocument, layer?: string): void {
  const { document: current, view, ui } = useStore.getState()
  if (JSON.stringify(current.document) !== JSON.stringify(document)) current.newDocument(document)
  if (layer !== undefined) view.select([layer])
  ui.show('editor')
}
