import { useEffect, useState } from 'react'

/** Who waits for idle time, in turn. */
const waiting = new Set<() => void>()
let asked = 0

function ask(): void {
  asked = requestIdleCallback(
    () => {
      const [first] = waiting
      asked = 0
      if (!first) return
      waiting.delete(first)
      first()
      if (waiting.size > 0) ask()
    },
    { timeout: 3000 },
  )
}

/**
 * False until the window has had time to show what matters more. Those that wait take turns, so that none of what they
 * then do together keeps the window from answering.
 */
export function useIdle(): boolean {
  const [idle, setIdle] = useState(false)
  useEffect(() => {
    const turn = () => setIdle(true)
    waiting.add(turn)
    if (asked === 0) ask()
    return () => {
      waiting.delete(turn)
    }
  }, [])
  return idle
}
