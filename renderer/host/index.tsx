import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import type { HostClient, LinkState } from './client.ts'
import './host.css'
import { findHost } from './host.ts'
import { NoHost } from './NoHost.tsx'

export { HostError } from './client.ts'
export { getHost } from './host.ts'

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
  const host = findHost()
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
