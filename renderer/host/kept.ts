import type { Request } from '../../core/protocol/contract.ts'
import { findHost } from './host.ts'

type Name = Request<'kept.read'>['name']

/** How long the window waits at its start for what was kept, in ms: a host that does not answer is told of elsewhere. */
const PATIENCE = 1500

/** What the host keeps under a name, as JSON; null where nothing was kept, or no host answers. */
export async function readKept(name: Name): Promise<unknown> {
  const host = findHost()
  if (!host) return null
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE))
  try {
    return JSON.parse((await Promise.race([host.call('kept.read', { name }), late])) ?? 'null')
  } catch {
    return null
  }
}

let writing: Promise<unknown> = Promise.resolve()

/** Keeps a value, after whatever is being kept. Rejects with a HostError when the host can't. */
export function writeKept(name: Name, value: unknown): Promise<void> {
  const host = findHost()
  if (!host) return Promise.resolve()
  const written = writing.then(() => host.call('kept.write', { name, text: JSON.stringify(value) }))
  writing = written.catch(() => undefined)
  return written
}
