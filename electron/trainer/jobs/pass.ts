import { analyze } from '../../../core/analysis/analyze.ts'
import type { NetworkDocument } from '../../../core/network/schema.ts'

const MOST = 64
/** Of the outputs of all layers together; the runtime holds fewer at a time. */
const MOST_BYTES = 2 ** 30

/** Samples that one evaluation takes: enough to use the cores, and no more than memory holds of a large network. */
export function passOf(document: NetworkDocument): number {
  const { activationBytes } = analyze(document).totals
  return Math.max(1, Math.min(MOST, Math.floor(MOST_BYTES / Math.max(1, activationBytes))))
}
