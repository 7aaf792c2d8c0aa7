import { placeBlocks } from '../../core/commands/index.ts'
import { anatomyOf, BLOCK } from '../../core/drawing/size.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { stage } from './stage.ts'

/** A network with a place for every block, see `placeBlocks`. */
export function placed(document: NetworkDocument): NetworkDocument {
  return placeBlocks(document, { layer: anatomyOf, block: BLOCK, room: stage.room() })
}
