import { useEffect, useState } from 'react'
import type { NetworkDocument } from '../../core/network/schema.ts'
import type { JobConfig, Response } from '../../core/protocol/contract.ts'
import { useHost } from '../host/index.tsx'
import type { Description } from './useDescription.ts'

export type Estimate = Response<'run.estimate'>

export interface EstimateState {
  /** Of the settings as they stand; null while nothing is known of them. */
  readonly estimate: Estimate | null
  /** Steps are being taken to replace a prediction. */
  readonly measuring: boolean
}

/** Settings that are being written are not worth a process at every key. */
const PAUSE = 500
const NOTHING: EstimateState = { estimate: null, measuring: false }

/**
 * What a run with these settings would take: predicted first, then measured. Ends what is under way when the settings
 * change or the dialog closes.
 */
export function useEstimate(
  document: NetworkDocument,
  config: JobConfig | null,
  data: Description | null,
): EstimateState {
  const host = useHost()
  const [state, setState] = useState(NOTHING)
  const settings = config && JSON.stringify(settingsThatCount(config))
  useEffect(() => {
    setState(NOTHING)
    if (settings === null || data === null) return
    let current = true
    const samples = {
      bytes: data.shape.reduce((size, n) => size * n, data.count),
      classes: data.classes.length,
    }
    const ask = (measure: boolean) =>
      host.call('run.estimate', { document, config: JSON.parse(settings) as JobConfig, samples, measure })
    const work = async () => {
      try {
        const predicted = await ask(false)
        if (!current) return
        setState({ estimate: predicted, measuring: predicted.fits })
        if (!predicted.fits) return
        const measured = await ask(true)
        if (current) setState({ estimate: measured, measuring: false })
      } catch {
        // whatever it is, the run itself will say it; the prediction stands
        if (current) setState((before) => ({ ...before, measuring: false }))
      }
    }
    const timer = setTimeout(() => void work(), PAUSE)
    return () => {
      current = false
      clearTimeout(timer)
      host.call('run.estimate.stop', undefined).catch(() => {})
    }
  }, [host, document, settings, data])
  return state
}

/** The part of the settings that decides memory and time. */
function settingsThatCount({
  data,
  engine,
  seed,
  validation,
  optimizer,
  momentum,
  average,
  batch,
}: JobConfig) {
  return { data, engine, seed, validation, optimizer, momentum, average, batch }
}
