import { resolve } from 'node:path'

/**
 * A SOURCE with its path made absolute, so that a run can be resumed and evaluated from any folder. Sources that are
 * no files (`digits`, `random:1x28x28/10`) stay as they are.
 */
export function absoluteSource(source: string): string {
  const colon = source.indexOf(':')
  const scheme = source.slice(0, colon)
  if (colon < 0 || scheme === 'random') return source
  const path = source.slice(colon + 1)
  return path === '' ? source : `${scheme}:${resolve(path)}`
}
