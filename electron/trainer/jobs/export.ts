import type { ParameterLayout } from '../../../core/engine/executor.ts'
import { initialWeights, layoutOf } from '../../../core/engine/layout.ts'
import { exportOnnx } from '../../../core/engine/lowering/export.ts'
import { writeSafetensors } from '../../../core/formats/safetensors.ts'
import type { NetworkDocument } from '../../../core/network/schema.ts'
import { namedWeights } from '../../../core/training/checkpoint.ts'
import type { CheckpointKind } from '../../../core/training/env.ts'
import { loadTrained } from './trained.ts'

export type ExportFormat = 'safetensors' | 'onnx'

export interface ExportedFile {
  /** A name to save it under. */
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * The weights of a run, alone (safetensors, with the classes and how pixels become the network's input as JSON in its
 * metadata) or with its network (ONNX). Throws a RunError when the run has no checkpoint yet.
 */
export async function exportRun(
  dir: string,
  format: ExportFormat,
  which: CheckpointKind,
): Promise<ExportedFile> {
  const { document, layout, checkpoint } = loadTrained(dir, which)
  const { classes, transform } = checkpoint.data
  const metadata = { classes: JSON.stringify(classes), input: JSON.stringify(transform) }
  return fileOf(document, layout, checkpoint.weights, format, metadata)
}

/** A network with fresh weights, decided by the seed. Throws an EngineError for a network that is not sound. */
export async function exportNetwork(
  document: NetworkDocument,
  format: ExportFormat,
  seed: number,
): Promise<ExportedFile> {
  return fileOf(document, layoutOf(document), initialWeights(document, seed), format, {})
}

function fileOf(
  document: NetworkDocument,
  layout: ParameterLayout,
  weights: Float32Array,
  format: ExportFormat,
  metadata: Readonly<Record<string, string>>,
): ExportedFile {
  const name = `${fileName(document.name)}.${format}`
  const bytes =
    format === 'onnx'
      ? exportOnnx(document, weights)
      : writeSafetensors(namedWeights(layout, weights), { network: document.name, ...metadata })
  return { name, bytes }
}

/** Letters of any script, digits, dots and dashes; what file systems or shells stumble over becomes a dash. */
const fileName = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80) || 'network'
