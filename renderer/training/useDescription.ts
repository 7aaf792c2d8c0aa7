import { useCallback, useEffect, useMemo, useState } from 'react'
import type { DataReading, Request, Response } from '../../core/protocol/contract.ts'
import { type HostClient, HostError } from '../host/client.ts'
import { describeError } from '../host/errors.ts'
import { useHost } from '../host/index.tsx'

export type Description = Response<'data.describe'>

/** What is known of a data source: nothing asked, being read, called off before the end, read, or not usable and why. */
export type DescriptionState =
  | { readonly state: 'none' }
  | {
      readonly state: 'reading' | 'stopped'
      /** How far that is, or was; null where the host did not say. */
      readonly reading: DataReading | null
    }
  | { readonly state: 'ready'; readonly data: Description }
  | { readonly state: 'bad'; readonly message: string }

export interface Describing {
  readonly description: DescriptionState
  /** Calls the reading off. */
  stop(): void
  /** Has it read from the beginning. */
  again(): void
}

/** The digits never change, and making them takes a moment. */
let digits: Description | null = null

/** Places in the window that wait for a description: who goes last has the reading called off. */
let waiting = 0

/** A path that is being typed is not worth reading at every key. */
const PAUSE = 350

/** What the network takes; samples are read as that. */
export type NetworkInput = NonNullable<Request<'data.describe'>['input']>

const NONE: DescriptionState = { state: 'none' }
const BEGUN: DescriptionState = { state: 'reading', reading: null }

/** Reads a data source a moment after it was named last. */
export function useDescription(source: string | null, input: NetworkInput | undefined): Describing {
  const host = useHost()
  const [description, setDescription] = useState<DescriptionState>(NONE)
  const [tries, setTries] = useState(0)
  const stop = useCallback(
    () => void host.call('data.describe.stop', undefined).catch(() => undefined),
    [host],
  )
  const again = useCallback(() => setTries((n) => n + 1), [])
  // another try asks the same once more
  const question = useMemo(() => ({ source, input, tries }), [source, input, tries])
  useEffect(() => {
    const { source, input } = question
    if (source === null) return setDescription(NONE)
    // signals and volumes can't be trained on digits, which the host says
    const image = input === undefined || input.shape.length === 3
    if (source === 'digits' && digits && image) return setDescription({ state: 'ready', data: digits })
    let current = true
    let asked = false
    const show = (change: (before: DescriptionState) => DescriptionState) => {
      if (current) setDescription(change)
    }
    const told = () => {
      if (asked) waiting--
      asked = false
    }
    setDescription(BEGUN)
    const deafen = hearReading(host, source, (reading) =>
      show((before) => (before.state === 'reading' ? { state: 'reading', reading } : before)),
    )
    const ask = () => {
      asked = true
      waiting++
      host.call('data.describe', { source, ...(input && { input }) }).then(
        (data) => {
          told()
          if (source === 'digits' && image) digits = data
          show(() => ({ state: 'ready', data }))
        },
        (error: unknown) => {
          told()
          show((before) => without(error, before))
        },
      )
    }
    const timer = setTimeout(ask, source === 'digits' ? 0 : PAUSE)
    return () => {
      current = false
      deafen()
      clearTimeout(timer)
      if (!asked) return
      told()
      if (waiting === 0) stop()
    }
  }, [host, question, stop])
  return { description, stop, again }
}

/** Hears how far a source is read from now on; what was told before was of an earlier reading. */
function hearReading(host: HostClient, source: string, hear: (reading: DataReading) => void): () => void {
  let begun = false
  const end = host.on('data.reading', (reading) => {
    if (begun && reading.source === source) hear(reading)
  })
  begun = true
  return end
}

/** What is known of a source that was not read to its end. */
function without(error: unknown, before: DescriptionState): DescriptionState {
  const calledOff = error instanceof HostError && error.code === 'cancelled'
  if (!calledOff) return { state: 'bad', message: describeError(error) }
  return { state: 'stopped', reading: before.state === 'reading' ? before.reading : null }
}
