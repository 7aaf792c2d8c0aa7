import { largestPart } from '../../core/protocol/contract.ts'

/**
 * Sends a file part by part.
 * @param tell hears the share that is sent
 * @returns false when `signal` ended it before all was sent
 */
export async function sendParts(
  file: File,
  part: (bytes: Uint8Array<ArrayBuffer>) => Promise<unknown>,
  signal: AbortSignal,
  tell: (share: number) => void,
): Promise<boolean> {
  for (let at = 0; at < file.size; at += largestPart) {
    if (signal.aborted) return false
    tell(at / file.size)
    await part(new Uint8Array(await file.slice(at, at + largestPart).arrayBuffer()))
  }
  if (signal.aborted) return false
  tell(1)
  return true
}
