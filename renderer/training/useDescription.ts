import { useEffect, useState } from 'react'
import type { Request, Response } from '../../core/protocol/contract.ts'
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
    setState({ state: 'reading' })
    const timer = setTimeout(
      () =>
        host.call('data.describe', { source, ...(input && { input }) }).then(
          (data) => {
            if (source === 'digits' && image) digits = data
            if (current) setState({ state: 'ready', data })
          },
          (error: unknown) => current && setState({ state: 'bad', message: describeError(error) }),
        ),
      source === 'digits' ? 0 : PAUSE,
    )
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [host, source, input])
  return state
}
