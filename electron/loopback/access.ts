import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { hostname, networkInterfaces } from 'node:os'
import { socketPath, socketProtocol } from '../../core/protocol/wire.ts'

/** Who may speak to a loopback host. */
export interface Access {
  readonly token: string
  /** True when the request names this machine, and not a foreign name that was made to point at it. */
  knowsHost(request: IncomingMessage): boolean
  /** True for a socket that this host's own page opens, with the token. */
  admits(request: IncomingMessage): boolean
}

/** The rules for a host that listens on `host`: loopback names always, other names of this machine when it is asked to. */
export function createAccess(host: string): Access {
  const token = randomBytes(32).toString('base64url')
  const names = namesOf(host)
  const knowsHost = (request: IncomingMessage) => {
    const name = hostnameOf(request.headers.host)
    return name !== null && names.has(name)
  }
  return {
    token,
    knowsHost,
    admits: (request) => {
      const { host: address, origin, 'sec-websocket-protocol': offered = '' } = request.headers
      const [protocol, given = ''] = offered.split(',').map((part) => part.trim())
      return (
        request.url === socketPath &&
        knowsHost(request) &&
        origin === `http://${address}` &&
        protocol === socketProtocol &&
        same(given, token)
      )
    },
  }
}

/** The address to print for a host that listens on `host`, which may stand for all of this machine's addresses. */
export function reachableName(host: string): string {
  if (host === '0.0.0.0' || host === '::') return externalAddresses()[0] ?? hostname()
  return host.includes(':') ? `[${host}]` : host
}

function namesOf(host: string): Set<string> {
  const names = new Set(['127.0.0.1', 'localhost', '[::1]', reachableName(host).toLowerCase()])
  if (host === '0.0.0.0' || host === '::') {
    for (const name of [hostname().toLowerCase(), ...externalAddresses()]) names.add(name)
  }
  return names
}

const externalAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address))
    .sort((a, b) => Number(a.startsWith('[')) - Number(b.startsWith('[')))

// the port is left open: a tunnel (ssh -L) may well lead from another one
function hostnameOf(header: string | undefined): string | null {
  try {
    return new URL(`http://${header}`).hostname
  } catch {
    return null
  }
}

/** Compares in a time that tells nothing about where two texts differ, or how long the right one is. */
function same(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
