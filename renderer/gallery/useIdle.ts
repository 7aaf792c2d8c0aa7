import { useEffect, useState } from 'react'

/** False until the window has had time to show what matters more. */
export function useIdle(): boolean {
  const [idle, setIdle] = useState(false)
  useEffect(() => {
    const id = requestIdleCallback(() => setIdle(true), { timeout: 3000 })
    return () => cancelIdleCallback(id)
  }, [])
  return idle
}
