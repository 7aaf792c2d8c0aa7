import { initialWeights, layoutOf } from '../../../core/engine/layout.ts'
import { writeZip } from '../../../core/formats/zip-writer.ts'
import {
  type ExportedFile,
  type ExportRequest,
  exportFormatOf,
} from '../../../core/interchange/export/index.ts'
import type { NetworkDocument } from '../../../core/network/schema.ts'
import type { ExportFormatId } from '../../../core/protocol/contract.ts'
import { defaultRecipe, resolveRecipe } from '../../../core/training/config.ts'
import type { CheckpointKind } from '../../../core/training/env.ts'
import { loadTrained } from './trained.ts'

/** The network and the weights of a run. Throws a RunError when it has no checkpoint yet. */
export function requestOfRun(dir: string, which: CheckpointKind): ExportRequest {
  const { run, document, layout, checkpoint } = loadTrained(dir, which)
  const { config } = run.record
  return {
    document,
    layout,
    weights: checkpoint.weights,
    recipe: resolveRecipe(config, document.recipe),
    seed: config.seed,
    data: checkpoint.data,
  }
}

/** A network with fresh weights, decided by the seed. Throws an EngineError for a network that is not sound. */
export function requestOfNetwork(document: NetworkDocument, seed: number): ExportRequest {
  return {
    document,
    layout: layoutOf(document),
    weights: initialWeights(document, seed),
    recipe: document.recipe ?? defaultRecipe,
    seed,
    data: null,
  }
}

/** The files of a format. Throws an ExportError that names what it can't hold. */
export const writeFormat = async (
  request: ExportRequest,
  format: ExportFormatId,
): Promise<readonly ExportedFile[]> => exportFormatOf(format).write(request)

/** A format as one file under the network's name, for the window: a folder goes into a ZIP archive. */
export async function exportRun(
  dir: string,
  format: ExportFormatId,
  which: CheckpointKind,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const request = requestOfRun(dir, which)
  const files = await writeFormat(request, format)
  const name = fileName(request.document.name)
  const { ending } = exportFormatOf(format)
  if (ending !== null) return { name: `${name}.${ending}`, bytes: files[0]!.bytes }
  const folder = `${name}-${format}`
  return {
    name: `${folder}.zip`,
    bytes: writeZip(files.map(({ path, bytes }) => ({ path: `${folder}/${path}`, bytes }))),
  }
}

/** Letters of any script, digits, dots and dashes; what file systems or shells stumble over becomes a dash. */
const fileName = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80) || 'network'
