import type { Request } from '../../core/protocol/contract.ts'
import type { HostClient } from '../host/client.ts'
import { sendParts } from '../host/sendFile.ts'

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
  const part = (bytes: Uint8Array<ArrayBuffer>) => host.call('weights.part', { id, bytes })
  if (await sendParts(file, part, signal, tell))
    return (await host.call('run.load', { ...request, weights: id })).runId
  await host.call('weights.drop', { id })
  return null
}
