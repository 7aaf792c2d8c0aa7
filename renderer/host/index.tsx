import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import type { ElectronBridge } from '../../core/protocol/wire.ts'
import { useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { createClient, type HostClient, type LinkState } from './client.ts'
import { electronLink } from './electron.ts'
import './host.css'
import { loopbackOf, takeToken } from './loopback.ts'
import { NoHost } from './NoHost.tsx'

export { HostError } from './client.ts'

declare global {
  interface Window {
    /** Under Electron only. */
    readonly layerloom?: ElectronBridge
  }
}

let host: HostClient | null | undefined

/** The host of this page, or null for a page that no host opened: one without the preload and without a token. */
function find(): HostClient | null {
  if (window.layerloom) return createClient(electronLink(window.layerloom, window))
  const token = takeToken()
  return token === null ? null : createClient(loopbackOf(token))
}

/** The host, for code that is no component. @throws where the page has none; `HostProvider` shows nothing then. */
export function getHost(): HostClient {
  host ??= find()
  if (!host) throw new Error('this page was opened without a host')
  return host
}

const HostContext = createContext<HostClient | null>(null)

/** The host, for components under `HostProvider`. */
export function useHost(): HostClient {
  const found = useContext(HostContext)
  if (!found) throw new Error('useHost needs a HostProvider above')
  return found
}

/** How the line to the host stands, now and whenever it changes. */
export function useLinkState(): LinkState {
  const found = useHost()
  const [state, setState] = useState(found.state)
  useEffect(() => {
    setState(found.state)
    return found.onState(setState)
  }, [found])
  return state
}

/** Gives the host to everything under it; where none answers it says so instead, and what to do. */
export function HostProvider({ children }: { children: ReactNode }) {
  host ??= find()
  if (!host) return <NoHost why="none" />
  return (
    <HostContext.Provider value={host}>
      <Guard>{children}</Guard>
    </HostContext.Provider>
  )
}

function Guard({ children }: { children: ReactNode }) {
  const state = useLinkState()
  const t = useText('host')
  if (state === 'refused') return <NoHost why="refused" />
  return (
    <>
      {children}
      {state === 'lost' && (
        <div className="link-lost" role="status">
          <Icon name="warn" />
          {t('lost')}
        </div>
      )}
    </>
  )
}
