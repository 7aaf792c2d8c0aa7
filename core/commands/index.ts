import { addLayer } from './addLayer.ts'
import { applyRemedy } from './applyRemedy.ts'
import { arrange } from './arrange.ts'
import { connectBlock } from './blockEnds.ts'
import { dissolveBlocks, exposeParam, makeBlock, renameBlock, setBypassed, setCollapsed } from './blocks.ts'
import { addComment, editComment } from './comments.ts'
import { connect, reconnect } from './connect.ts'
import { disconnect } from './disconnect.ts'
import { insertOnWire } from './insertOnWire.ts'
import { moveLayers } from './moveLayers.ts'
import { duplicate, paste } from './paste.ts'
import { removeAndReconnect, removeLayers } from './removeLayers.ts'
import { renameLayer, renameNetwork } from './rename.ts'
import { repeatBlock } from './repeatBlock.ts'
import { setParam } from './setParam.ts'
import { setRecipe } from './setRecipe.ts'

/** Every command there is; the fuzz test runs them all. */
export const commands = {
  addComment,
  addLayer,
  applyRemedy,
  arrange,
  connect,
  connectBlock,
  disconnect,
  dissolveBlocks,
  duplicate,
  editComment,
  exposeParam,
  insertOnWire,
  makeBlock,
  moveLayers,
  paste,
  reconnect,
  removeAndReconnect,
  removeLayers,
  renameBlock,
  renameLayer,
  renameNetwork,
  repeatBlock,
  setBypassed,
  setCollapsed,
  setParam,
  setRecipe,
} as const

export { type BlockEnds, blockEnds } from './blockEnds.ts'
export {
  type Applied,
  applyCommand,
  type Command,
  type Edit,
  mergeEdits,
  redoEdit,
  undoEdit,
} from './command.ts'
export { canInsert } from './insertOnWire.ts'
export { type Box as LayoutBox, type LayoutGraph, layoutGraph, type Room } from './layout.ts'
export { type Clip, clipOf, parseClip } from './paste.ts'
export { type Places, placeBlocks } from './placeBlocks.ts'
export { MAX_LAYER_NAME } from './rename.ts'
export { MOST_REPEATS } from './repeatBlock.ts'
export { repeatsOf } from './repeats.ts'
