import { type ElectronBridge, portMessage } from '../../core/protocol/wire.ts'
import type { Link, LinkListener } from './client.ts'

/** The part of the page's window that is used, so that a test can stand in for it. */
export interface PageWindow {
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  readonly location: { readonly origin: string }
}

/** Calls through the preload's bridge; the messages of a run through the MessagePort that the preload hands over. */
export function electronLink(bridge: ElectronBridge, page: PageWindow): Link {
  const ports = new Map<string, MessagePort>()

  const drop = (runId: string) => {
    ports.get(runId)?.close()
    ports.delete(runId)
  }

  const attach = (runId: string, port: MessagePort, listener: LinkListener) => {
    drop(runId)
    ports.set(runId, port)
    port.addEventListener('close', () => {
      if (ports.get(runId) !== port) return
      ports.delete(runId)
      listener.ended(runId)
    })
    port.onmessage = ({ data }) => listener.message(data)
  }

  return {
    open(listener) {
      bridge.on((event, payload) => listener.event(event, payload))
      page.addEventListener('message', (event) => {
        if (event.source !== (page as unknown) || event.origin !== page.location.origin) return
        const announced = portMessage.safeParse(event.data)
        const port = event.ports[0]
        if (announced.success && port) attach(announced.data.runId, port, listener)
      })
      listener.state('ready')
    },
    call: (method, request) => bridge.call(method, request),
    watch: (runId, from) => bridge.watch(runId, from),
    unwatch: drop,
  }
}
