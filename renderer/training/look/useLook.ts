import { useCallback, useEffect, useRef, useState } from 'react'
import type { Request, Response } from '../../../core/protocol/contract.ts'
import { describeError } from '../../host/errors.ts'
import { useHost } from '../../host/index.tsx'

export type LookImage = Request<'run.look'>['image']
export type LookAnswer = Response<'run.look'>

/** Asks a run's network about images: one question at a time, and of those that come meanwhile only the newest. */
export function useLook(runId: string) {
  const host = useHost()
  const [answer, setAnswer] = useState<LookAnswer | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const next = useRef<LookImage | null>(null)
  const asking = useRef(false)
  const gone = useRef(false)
  useEffect(() => {
    gone.current = false
    return () => {
      gone.current = true
    }
  }, [])

  const ask = useCallback(
    async (image: LookImage) => {
      next.current = image
      if (asking.current) return
      asking.current = true
      setBusy(true)
      while (next.current !== null && !gone.current) {
        const current: LookImage = next.current
        next.current = null
        try {
          setAnswer(await host.call('run.look', { runId, image: current }))
          setFailure(null)
        } catch (error) {
          setFailure(describeError(error))
        }
      }
      asking.current = false
      setBusy(false)
    },
    [host, runId],
  )
  const clear = useCallback(() => {
    next.current = null
    setAnswer(null)
    setFailure(null)
  }, [])
  return { answer, failure, busy, ask, clear }
}
