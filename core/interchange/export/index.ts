import type { ExportFormatId } from '../../protocol/contract.ts'
import type { ExportFormat } from './format.ts'
import { keras, kerasWeights } from './keras-file.ts'
import { npz } from './npz.ts'
import { onnx } from './onnx.ts'
import { pytorch } from './pytorch.ts'
import { safetensors } from './safetensors.ts'
import { tfjs } from './tfjs.ts'

export {
  ExportError,
  type ExportedFile,
  type ExportFormat,
  type ExportRequest,
  type FittedInput,
} from './format.ts'

/** Every format that networks go out in, in the order in which menus show them. */
export const exportFormats: readonly ExportFormat[] = [
  safetensors,
  onnx,
  pytorch,
  tfjs,
  keras,
  kerasWeights,
  npz,
]

/** The format of that id; there is one for each that the contract lists. */
export const exportFormatOf = (id: ExportFormatId): ExportFormat =>
  exportFormats.find((format) => format.id === id)!
