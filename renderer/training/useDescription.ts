import { useEffect, useState } from 'react'
import type { Request, Response } from '../../core/protocol/contract.ts'
import { HostError } from '../host/client.ts'
import { describeError } from '../host/errors.ts'
import { useHost } from '../host/index.tsx'

export type Description = Response<'data.describe'>

/** What is known of a data source: nothing asked, being read, read, or not usable and why. */
export type DescriptionState =
  | { readonly state: 'none' | 'reading' }
  | { readonly state: 'ready'; readonly data: Description }
  | { readonly state: 'bad'; readonly message: string }

/** The digits never change, and making them takes a moment. */
let digits: Description | null = null

/** Places in the window that wait for a description: who goes last has the reading called off. */
let waiting = 0

/** A path that is being typed is not worth reading at every key. */
const PAUSE = 350

/** What the network takes; samples are read as that. */
export type NetworkInput = NonNullable<Request<'data.describe'>['input']>

/** Reads a data source a moment after it was named last. */
export function useDescription(source: string | null, input: NetworkInput | undefined): DescriptionState {
  const host = useHost()
  const [state, setState] = useState<DescriptionState>({ state: 'none' })
  useEffect(() => {
    if (source === null) {
      setState({ state: 'none' })
      return
    }
    // signals and volumes can't be trained on digits, which the host says
    const image = input === undefined || input.shape.length === 3
    if (source === 'digits' && digits && image) {
      setState({ state: 'ready', data: digits })
      return
    }
    let current = true
    let asked = false
    setState({ state: 'reading' })
    const told = () => {
      if (asked) waiting--
      asked = false
    }
    const ask = () => {
      asked = true
      waiting++
      host.call('data.describe', { source, ...(input && { input }) }).then(
        (data) => {
          told()
          if (source === 'digits' && image) digits = data
          if (current) setState({ state: 'ready', data })
        },
        (error: unknown) => {
          told()
          const calledOff = error instanceof HostError && error.code === 'cancelled'
          if (current)
            setState(calledOff ? { state: 'none' } : { state: 'bad', message: describeError(error) })
        },
      )
    }
    const timer = setTimeout(ask, source === 'digits' ? 0 : PAUSE)
    return () => {
      current = false
      clearTimeout(timer)
      if (!asked) return
      told()
      if (waiting === 0) void host.call('data.describe.stop', undefined).catch(() => undefined)
    }
  }, [host, source, input])
  return state
}
