import type { NetworkDocument } from '../../core/network/schema.ts'
import { reveal } from '../canvas/blocks.ts'
import { stage } from '../canvas/stage.ts'
import { editNetwork } from '../gallery/open.ts'

/** Goes to a layer on the canvas: shows the network, selects the layer, and brings it into view with the focus on it. */
export function showLayer(document: NetworkDocument, layer: string | undefined): void {
  editNetwork(document, layer)
  if (layer === undefined) return
  // the canvas stands only after the screen has changed, and shows all of the network at first
  setTimeout(() => {
    reveal([layer])
    setTimeout(() => stage.focus(layer), 0)
  }, 60)
}
