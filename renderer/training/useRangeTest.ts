import { useCallback, useEffect, useRef, useState } from 'react'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { JobConfig, Response } from '../../core/protocol/contract.ts'
import { HostError } from '../host/client.ts'
import { describeError } from '../host/errors.ts'
import { useHost } from '../host/index.tsx'

export type RangeResult = Response<'run.rangeTest'>

/** What a test that is under way has found so far. */
export interface RangeSoFar {
  readonly points: RangeResult['points']
  readonly done: number
  readonly total: number
}

const nothing: RangeSoFar = { points: [], done: 0, total: 0 }

export interface RangeBounds {
  readonly from: number
  readonly to: number
  readonly steps: number
}

/** Asks the trainer for a range test; what is under way ends with the component. */
export function useRangeTest(document: NetworkDocument, config: JobConfig | null) {
  const host = useHost()
  const [result, setResult] = useState<RangeResult | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [soFar, setSoFar] = useState(nothing)
  const asked = useRef(0)
  const stop = useCallback(() => {
    if (asked.current === 0) return
    asked.current = 0
    setBusy(false)
    host.call('run.rangeTest.stop', undefined).catch(() => {})
  }, [host])
  useEffect(() => stop, [stop])
  useEffect(
    () =>
      host.on('run.rangeTest.points', ({ points, done, total }) => {
        // another window's test is told here too
        if (asked.current === 0) return
        setSoFar((before) => ({ points: [...before.points, ...points], done, total }))
      }),
    [host],
  )
  const run = async (bounds: RangeBounds) => {
    if (!config) return
    const mine = performance.now()
    asked.current = mine
    setBusy(true)
    setFailure(null)
    setSoFar(nothing)
    try {
      const found = await host.call('run.rangeTest', { document, config, ...bounds })
      if (asked.current === mine) setResult(found)
    } catch (error) {
      const cancelled = error instanceof HostError && error.code === 'cancelled'
      if (asked.current === mine && !cancelled) setFailure(describeError(error))
    }
    if (asked.current !== mine) return
    asked.current = 0
    setBusy(false)
  }
  return { result, soFar, failure, busy, run, stop }
}
