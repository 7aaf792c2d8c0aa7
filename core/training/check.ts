import { analyze } from '../analysis/analyze.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { text } from '../network/text.ts'
import { TrainingError } from './error.ts'

/** Throws a TrainingError (`bad-network`) with the first thing that keeps the network from being computed. */
export function checkNetwork(document: NetworkDocument): void {
  const issue = analyze(document).issues.find(({ severity }) => severity === 'error')
  if (!issue) return
  const layer = document.layers.find(({ id }) => id === issue.layer)
  const { message, fix } = issue
  const place = (words: string, of: (name: string) => string) =>
    layer && !words.includes(layer.name) ? of(layer.name) : ''
  const english = [message, ...(fix ? [fix] : [])].map(({ en }) => en.replace(/\.$/, '')).join(': ')
  const said = text(
    `${place(message.en, (name) => `layer ${name}: `)}${english}`,
    `${place(message.ko, (name) => `레이어 ${name}: `)}${[message.ko, fix?.ko].filter(Boolean).join(' ')}`,
  )
  throw new TrainingError('bad-network', said, layer ? { layer: layer.id } : {})
}
