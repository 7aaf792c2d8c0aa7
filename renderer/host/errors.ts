import i18next from 'i18next'
import { HostError } from './client.ts'

/**
 * What to tell a person about something that was refused: a sentence in their language by its code, and behind it the
 * host's own words, which name the file, the line, the number.
 */
export function describeError(error: unknown): string {
  const { code, message } = error instanceof HostError ? error : { code: 'internal', message: String(error) }
  const key = `errors.${code}`
  const known = i18next.exists(key, { ns: 'host' })
  const sentence = i18next.t(known ? key : 'errors.internal', { ns: 'host' })
  return ownCodes.has(code) ? sentence : `${sentence} ${message}`
}

/** Codes of this side of the line: their sentence says all there is to say. */
const ownCodes = new Set(['disconnected', 'unreachable'])
