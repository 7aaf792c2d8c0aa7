import i18next from 'i18next'
import { HostError } from './client.ts'

/**
 * What to tell a person about something that was refused: a sentence in their language by its code, and behind it the
 * host's own words, which name the file, the line, the number.
 */
export function describeError(error: unknown): string {
  const known = error instanceof HostError
  const { code, message, text } = known
    ? error
    : { code: 'internal', message: String(error), text: undefined }
  const key = `errors.${code}`
  const sentence = i18next.t(i18next.exists(key, { ns: 'host' }) ? key : 'errors.internal', { ns: 'host' })
  const words = text?.[i18next.language === 'ko' ? 'ko' : 'en'] ?? message
  return ownCodes.has(code) ? sentence : `${sentence} ${words}`
}

/** Codes of this side of the line: their sentence says all there is to say. */
const ownCodes = new Set(['disconnected', 'unreachable', 'cancelled'])
