import { DataError } from '../data/dataset.ts'
import { EngineError } from '../engine/error.ts'
import { FormatError } from '../formats/error.ts'
import { DocumentError } from '../network/document.ts'
import type { Text } from '../network/text.ts'
import type { TrainEvent } from '../protocol/events.ts'
import { TrainingError } from './error.ts'

export type Failed = Extract<TrainEvent, { type: 'failed' }>

/** Any error as the event that ends a run; what is not a known kind of trouble is `internal`. */
export function asFailure(error: unknown): Failed {
  const message = oneLine(error instanceof Error ? error.message : String(error))
  const said = textOf(error)
  const both = said ? { text: { en: oneLine(said.en), ko: oneLine(said.ko) } } : {}
  if (error instanceof TrainingError) {
    const { code, layer, batch } = error
    return {
      ...{ type: 'failed', code, message, ...both },
      ...(layer ? { layer } : {}),
      ...(batch ? { batch } : {}),
    }
  }
  return { type: 'failed', code: codeOf(error), message, ...both }
}

/** What an error says in every language, where it is one that does. */
function textOf(error: unknown): Text | undefined {
  const bilingual = [TrainingError, DataError, FormatError, DocumentError, EngineError]
  if (!bilingual.some((type) => error instanceof type)) return undefined
  return (error as { text?: Text }).text
}

function codeOf(error: unknown): string {
  if (error instanceof EngineError && error.code === 'bad-loss') return 'bad-config'
  if (error instanceof DataError || error instanceof FormatError) return 'bad-data'
  if (error instanceof DocumentError || error instanceof EngineError) return 'bad-network'
  return 'internal'
}

const oneLine = (message: string): string => message.replace(/\s*\n\s*/g, ' ').trim()
