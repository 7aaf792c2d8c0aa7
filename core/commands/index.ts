import { addLayer } from './addLayer.ts'
import { applyRemedy } from './applyRemedy.ts'
import { arrange } from './arrange.ts'
import { connect, reconnect } from './connect.ts'
import { disconnect } from './disconnect.ts'
import { insertOnWire } from './insertOnWire.ts'
import { moveLayers } from './moveLayers.ts'
import { duplicate, paste } from './paste.ts'
import { removeAndReconnect, removeLayers } from './removeLayers.ts'
import { renameLayer, renameNetwork } from './rename.ts'
import { setParam } from './setParam.ts'
import { setRecipe } from './setRecipe.ts'

/** Every command there is; the fuzz test runs them all. */
export const commands = {
  addLayer,
  applyRemedy,
  arrange,
  connect,
  disconnect,
  duplicate,
  insertOnWire,
  moveLayers,
  paste,
  reconnect,
  removeAndReconnect,
  removeLayers,
  renameLayer,
  renameNetwork,
  setParam,
  setRecipe,
} as const

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
export { type Clip, clipOf, parseClip } from './paste.ts'
export { MAX_LAYER_NAME } from './rename.ts'
