import { exportOnnx } from '../../engine/lowering/export.ts'
import { text } from '../../network/text.ts'
import type { ExportFormat } from './format.ts'

/** Structure and weights for inference, batch size free (core/engine/lowering/export.ts). */
export const onnx: ExportFormat = {
  id: 'onnx',
  title: text('ONNX', 'ONNX'),
  ending: 'onnx',
  write: ({ document, weights }) => [{ path: 'network.onnx', bytes: exportOnnx(document, weights) }],
}
