import { largestPart, type Request } from '../../core/protocol/contract.ts'
import type { HostClient } from '../host/client.ts'

/**
 * Sends a file of weights to the host, part by part, and has a run made of it and a network.
 * @param tell hears the share that is sent
 * @returns the run's id; null when `signal` ended it, and the host then has nothing of it
 */
export async function loadRun(
  host: Pick<HostClient, 'call'>,
  file: File,
  request: Omit<Request<'run.load'>, 'weights'>,
  signal: AbortSignal,
  tell: (share: number) => void,
): Promise<string | null> {
  const { id } = await host.call('weights.begin', { name: file.name, size: file.size })
  for (let at = 0; at < file.size; at += largestPart) {
    if (signal.aborted) {
      await host.call('weights.drop', { id })
      return null
    }
    tell(at / file.size)
    const bytes = new Uint8Array(await file.slice(at, at + largestPart).arrayBuffer())
    await host.call('weights.part', { id, bytes })
  }
  tell(1)
  return (await host.call('run.load', { ...request, weights: id })).runId
}
