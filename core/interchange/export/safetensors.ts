import { writeSafetensors } from '../../formats/safetensors.ts'
import { text } from '../../network/text.ts'
import { type ExportFormat, metadataOf, weightsOf } from './format.ts'

/** Every weight under its own name; classes and the way from pixels to input as JSON in the metadata. */
export const safetensors: ExportFormat = {
  id: 'safetensors',
  title: text('Safetensors', 'Safetensors'),
  ending: 'safetensors',
  write: (request) => [
    { path: 'weights.safetensors', bytes: writeSafetensors(weightsOf(request), metadataOf(request)) },
  ],
}
