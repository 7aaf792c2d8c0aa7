import { analyze } from '../analysis/analyze.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { TrainingError } from './error.ts'

/** Throws a TrainingError (`bad-network`) with the first thing that keeps the network from being computed. */
export function checkNetwork(document: NetworkDocument): void {
  const issue = analyze(document).issues.find(({ severity }) => severity === 'error')
  if (!issue) return
  const layer = document.layers.find(({ id }) => id === issue.layer)
  const message = issue.message.en.replace(/\.$/, '')
  const place = layer && !message.includes(layer.name) ? `layer ${layer.name}: ` : ''
  const fix = issue.fix ? `: ${issue.fix.en.replace(/\.$/, '')}` : ''
  throw new TrainingError('bad-network', `${place}${message}${fix}`, layer ? { layer: layer.id } : {})
}
