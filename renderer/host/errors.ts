import i18next from 'i18next'
import { HostError } from './client.ts'

/**
 * What to tell a person about something that was refused: a sentence in their language by its code, and behind it the
 * host's own words, which name the file, the line, the number.
 */
export function describeError(error: unknown): string {
  const code = error instanceof HostError ? error.code : 'internal'
  const key = `errors.${code}`
  const sentence = i18next.t(i18next.exists(key, { ns: 'host' }) ? key : 'errors.internal', { ns: 'host' })
  return ownCodes.has(code) ? sentence : `${sentence} ${wordsOf(error)}`
}

/** The same where it stands below a title that says already that the data can't be used. */
export const describeBadData = (error: unknown): string =>
  error instanceof HostError && error.code === 'bad-data' ? wordsOf(error) : describeError(error)

function wordsOf(error: unknown): string {
  if (!(error instanceof HostError)) return String(error)
  return error.text?.[i18next.language === 'ko' ? 'ko' : 'en'] ?? error.message
}

/** Codes of this side of the line: their sentence says all there is to say. */
const ownCodes = new Set(['disconnected', 'unreachable', 'cancelled'])
