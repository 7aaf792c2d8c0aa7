import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Request, Response } from '../../core/protocol/contract.ts'
import { type HostClient, HostError } from '../host/client.ts'
import { describeBadData, describeError } from '../host/errors.ts'
import { useHost } from '../host/index.tsx'

export type Samples = Response<'data.samples'>
export type Sample = Samples['samples'][number]
/** Which samples, but for where to begin. */
export type Which = Omit<Request<'data.samples'>, 'offset' | 'count' | 'variants' | 'augment' | 'original'>

export interface Seen {
  readonly sample: Sample
  /** As the network gets it. */
  readonly pixels: Uint8Array
}

export interface SamplesState {
  readonly state: 'none' | 'reading' | 'ready' | 'bad'
  readonly message?: string
  /** What the first answer says of the whole; of an earlier question while a new one is asked. */
  readonly head: Omit<Samples, 'samples' | 'pixels'> | null
  at(index: number): Seen | undefined
  /** Has samples read: those from `first` to `last`, and none that are no longer wanted. */
  want(first: number, last: number): void
  again(): void
}

/** A path that is being typed is not worth reading at every key. */
const PAUSE = 350
/** Few at once, so that what is asked for meanwhile need not wait long. */
const PAGE = 24
/** Fewer still before anything is seen. */
const FIRST = 12
const MOST_BYTES = 96 * 1024 * 1024

interface Reading {
  readonly which: Which
  readonly seen: Map<number, Seen>
  head: SamplesState['head']
  message: string | null
  wanted: readonly [number, number]
  busy: boolean
  over: boolean
}

const begin = (which: Which): Reading => ({
  ...{ which, seen: new Map<number, Seen>(), head: null, message: null, busy: false, over: false },
  wanted: [0, PAGE - 1],
})

/** Asks for what is wanted and not here, page by page, and tells after each; nothing where that is under way already. */
async function readWanted(host: HostClient, on: Reading, tell: () => void): Promise<void> {
  if (on.busy || on.over) return
  on.busy = true
  for (let offset = missing(on); offset !== null && !on.over; offset = missing(on)) {
    let came = 0
    try {
      const request = { ...on.which, offset, count: on.head ? PAGE : FIRST, variants: 0 }
      const { samples, pixels, ...head } = await host.call('data.samples', request)
      if (on.over) break
      keep(on, offset, samples, pixels)
      on.head = head
      came = samples.length
    } catch (error) {
      if (on.over) break
      on.message = describeBadData(error)
      on.over = true
    }
    tell()
    if (came === 0) break
  }
  on.busy = false
}

/** Reads samples as they come into view, a few at a time; what is out of view is forgotten when it becomes much. */
export function useSamples(which: Which | null): SamplesState {
  const host = useHost()
  const [, show] = useState(0)
  const [tries, setTries] = useState(0)
  // begun anew when something else is asked, not when the same is asked in other objects
  const question = which && `${tries} ${JSON.stringify(which)}`
  const reading = useMemo(
    () => (question === null ? null : begin(JSON.parse(question.slice(question.indexOf('{'))) as Which)),
    [question],
  )
  const before = useRef<Reading | null>(null)
  const lastHead = useRef<SamplesState['head']>(null)

  const work = useCallback(
    (on: Reading) =>
      readWanted(host, on, () => {
        if (on.head) lastHead.current = on.head
        show((n) => n + 1)
      }),
    [host],
  )

  useEffect(() => {
    const typed = before.current?.which.source !== reading?.which.source
    before.current = reading
    if (reading === null) {
      lastHead.current = null
      return
    }
    reading.over = false
    const timer = setTimeout(() => void work(reading), typed ? PAUSE : 0)
    return () => {
      reading.over = true
      clearTimeout(timer)
    }
  }, [reading, work])

  // whoever looks no longer needs nothing read
  useEffect(() => () => void host.call('data.samples.stop', undefined).catch(() => undefined), [host])

  const want = useCallback(
    (first: number, last: number) => {
      if (!reading) return
      reading.wanted = [first, last]
      if (reading.head) void work(reading)
    },
    [reading, work],
  )
  if (!reading) return { state: 'none', head: null, at: () => undefined, want, again: () => undefined }
  const { seen, head, message } = reading
  return {
    state: message ? 'bad' : head ? 'ready' : 'reading',
    ...(message ? { message } : {}),
    head: head ?? (message ? null : lastHead.current),
    at: (index) => seen.get(index),
    want,
    again: () => setTries((n) => n + 1),
  }
}

/** The first wanted sample that is not here. */
function missing({ seen, wanted: [first, last], head }: Reading): number | null {
  const end = Math.min(last, head ? head.total - 1 : last)
  for (let index = first; index <= end; index++) if (!seen.has(index)) return index
  return null
}

function keep(
  { seen, wanted }: Reading,
  offset: number,
  samples: readonly Sample[],
  pixels: Uint8Array,
): void {
  const size = samples.length === 0 ? 0 : pixels.length / samples.length
  samples.forEach((sample, i) => {
    // a copy, since one sample that is kept would keep its whole page
    seen.set(offset + i, { sample, pixels: pixels.slice(i * size, (i + 1) * size) })
  })
  if (seen.size * size <= MOST_BYTES) return
  const [first, last] = wanted
  const distance = (index: number) => Math.max(first - index, index - last, 0)
  const far = [...seen.keys()].sort((a, b) => distance(b) - distance(a))
  for (const index of far.slice(0, Math.floor(far.length / 2))) if (distance(index) > 0) seen.delete(index)
}

/** One sample as it is kept, as the network gets it, and as the augmentation varies it. */
export function useDetail(
  which: Which | null,
  index: number | null,
  augment: Request<'data.samples'>['augment'],
  variants: number,
): { shown: Samples | null; message: string | null } {
  const host = useHost()
  const [shown, setShown] = useState<Samples | null>(null)
  const [message, setMessage] = useState<string | null>(null)
  useEffect(() => {
    if (which === null || index === null) {
      setShown(null)
      return
    }
    let current = true
    const timer = setTimeout(() => {
      const request = {
        ...which,
        offset: index,
        count: 1,
        original: true,
        ...(augment ? { augment, variants } : { variants: 0 }),
      }
      host.call('data.samples', request).then(
        (answer) => {
          if (!current) return
          setShown(answer)
          setMessage(null)
        },
        (error: unknown) => {
          const calledOff = error instanceof HostError && error.code === 'cancelled'
          if (current && !calledOff) setMessage(describeError(error))
        },
      )
    }, 120)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [host, which, index, augment, variants])
  return { shown, message }
}
