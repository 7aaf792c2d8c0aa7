import { type Zippable, zipSync } from 'fflate'

/** The earliest date that a ZIP archive can hold: the same files give the same bytes, whenever they are written. */
const EPOCH = new Date(1980, 0, 1)

/**
 * Writes files into a ZIP archive as they are, without compression: weights hardly get smaller.
 *
 * @param files paths with `/` between folders.
 */
export function writeZip(
  files: readonly { readonly path: string; readonly bytes: Uint8Array }[],
): Uint8Array {
  const content: Zippable = Object.fromEntries(files.map(({ path, bytes }) => [path, bytes]))
  return zipSync(content, { level: 0, mtime: EPOCH })
}
