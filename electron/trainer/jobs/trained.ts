import type { ParameterLayout } from '../../../core/engine/executor.ts'
import { layoutOf } from '../../../core/engine/layout.ts'
import { type NamedTensor, readSafetensors } from '../../../core/formats/safetensors.ts'
import type { NetworkDocument } from '../../../core/network/schema.ts'
import { text } from '../../../core/network/text.ts'
import { type Checkpoint, decodeCheckpoint } from '../../../core/training/checkpoint.ts'
import type { CheckpointKind } from '../../../core/training/env.ts'
import { type Run, RunError, readCheckpoint, readRun, runPaths } from '../run-folder.ts'

/** A run with weights, ready to be used. */
export interface Trained {
  readonly run: Run
  readonly document: NetworkDocument
  readonly layout: ParameterLayout
  readonly checkpoint: Checkpoint
}

/**
 * Reads a checkpoint of a run for its network, or for what `change` leaves of it. The best one falls back to the last
 * where there was no validation. Throws a RunError when the run has none yet.
 */
export function loadTrained(
  dir: string,
  which: CheckpointKind = 'best',
  change: (document: NetworkDocument) => NetworkDocument = (document) => document,
): Trained {
  const run = readRun(dir)
  const { bytes, path } = bytesOf(dir, which)
  const document = change(run.document)
  const layout = layoutOf(document)
  return { run, document, layout, checkpoint: decodeCheckpoint(bytes, layout, path) }
}

/**
 * The weights of a run under their own names, for another network: of the best checkpoint, or the last where there is
 * no best. Throws a RunError when the run has none yet.
 */
export function readTrained(dir: string): { run: Run; tensors: readonly NamedTensor[] } {
  const run = readRun(dir)
  const { bytes, path } = bytesOf(dir, 'best')
  return { run, tensors: readSafetensors(bytes, path).tensors }
}

function bytesOf(dir: string, which: CheckpointKind): { bytes: Uint8Array; path: string } {
  const kind = which === 'best' && readCheckpoint(dir, 'best') ? 'best' : 'last'
  const bytes = readCheckpoint(dir, kind)
  if (!bytes) {
    throw new RunError(
      text(
        `${dir} has no checkpoint yet: train it for a while first`,
        `${dir}에 아직 체크포인트가 없습니다. 먼저 조금 학습해 주세요.`,
      ),
    )
  }
  return { bytes, path: runPaths(dir)[kind] }
}
