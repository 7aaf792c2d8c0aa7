import { strToU8 } from 'fflate'
import { torchSource } from '../../codegen/torch/model.ts'
import { trainSource } from '../../codegen/torch/train/index.ts'
import { readNetwork } from '../../engine/network.ts'
import { writeSafetensors } from '../../formats/safetensors.ts'
import { inputTransformOf } from '../../layers/index.ts'
import { text } from '../../network/text.ts'
import { OWN_NAMES } from '../names/exported.ts'
import { type ExportFormat, metadataOf, weightsOf } from './format.ts'

/**
 * A folder with `model.py`, a readable `nn.Module`; `weights.safetensors` under the names of its state_dict, with the
 * document's own names as JSON in its metadata; and `train.py`, which trains it by the recipe.
 */
export const pytorch: ExportFormat = {
  id: 'pytorch',
  title: text('PyTorch', 'PyTorch'),
  ending: null,
  write(request) {
    const { document, recipe, seed, data } = request
    // throws for a network that is not sound
    readNetwork(document)
    const { code, names, graph } = torchSource(document)
    const weights = weightsOf(request).map((array) => ({ ...array, name: names.get(array.name)! }))
    const own = Object.fromEntries([...names].map(([ours, theirs]) => [theirs, ours]))
    const metadata = { ...metadataOf(request), [OWN_NAMES]: JSON.stringify(own) }
    const input = data?.transform ?? inputTransformOf(document)!
    const train = trainSource({ graph, recipe, seed, classes: data?.classes ?? null, input })
    return [
      { path: 'model.py', bytes: strToU8(code) },
      { path: 'train.py', bytes: strToU8(train) },
      { path: 'weights.safetensors', bytes: writeSafetensors(weights, metadata) },
    ]
  },
}
