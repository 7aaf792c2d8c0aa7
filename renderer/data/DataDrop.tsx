import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { largestData } from '../../core/protocol/contract.ts'
import type { HostClient } from '../host/client.ts'
import { describeError } from '../host/errors.ts'
import { pathOf } from '../host/host.ts'
import { useHost } from '../host/index.tsx'
import { sendParts } from '../host/sendFile.ts'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { Meter } from '../kit/Meter.tsx'
import { folderOf, isNetwork, lookAtDropped, takeDropped, type Use, usableAs } from './dropped.ts'
import type { SourceDraft } from './SourceFields.tsx'

interface Props {
  onChange(change: SourceDraft): void
}

/**
 * Makes the dialog that this stands in take data that is dropped anywhere on it: shows that it would, says why not, and
 * sends a file to the host where the window is not told where it lies.
 */
export function DataDrop({ onChange }: Props) {
  const t = useText('data')
  const here = useRef<HTMLSpanElement>(null)
  const { state, take, stop } = useTaking(onChange)
  const over = useDrops(here, take)
  return (
    <>
      <span ref={here} hidden />
      {over && (
        <div className="drop-hint" aria-hidden="true">
          <Icon name="import" size={24} />
          <b>{t('drop.title')}</b>
          <span>{t('drop.what')}</span>
        </div>
      )}
      {state?.kind === 'refused' && (
        <p className="field-note bad drop-note" role="alert">
          {state.why}
        </p>
      )}
      {state?.kind === 'sending' && (
        <div className="reading drop-note">
          <p className="xs t2">
            <span role="status" className="ell">
              {t('drop.sending', { name: state.name })}
            </span>
          </p>
          <Meter label={t('drop.sending', { name: state.name })} share={state.share} />
          <Button size="sm" variant="quiet" icon="stop" onClick={stop}>
            {t('reading.stop')}
          </Button>
        </div>
      )}
    </>
  )
}

type State =
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'sending'; readonly name: string; readonly share: number }

/** Makes a source of what was dropped. */
function useTaking(onChange: Props['onChange']) {
  const t = useText('data')
  const host = useHost()
  const [state, setState] = useState<State | null>(null)
  const sending = useRef<AbortController | null>(null)
  useEffect(() => () => sending.current?.abort(), [])
  const refuse = (why: string) => setState({ kind: 'refused', why })
  const send = async (file: File, { source }: Use) => {
    const own = new AbortController()
    sending.current = own
    const tell = (share: number) => setState({ kind: 'sending', name: file.name, share })
    try {
      const path = await sendData(host, file, own.signal, tell)
      if (own.signal.aborted || path === null) return
      setState(null)
      onChange({ source, folder: path })
    } catch (error) {
      if (!own.signal.aborted) refuse(describeError(error))
    }
  }
  const take = async (transfer: DataTransfer) => {
    sending.current?.abort()
    setState(null)
    const [first] = takeDropped(transfer)
    if (!first) return
    const { file, entry } = first
    const path = pathOf(file)
    const dropped = await lookAtDropped(file, entry)
    const use = usableAs(dropped, path ?? undefined)
    const { name } = file
    if (!use) refuse(t(/\.(png|jpe?g|bmp|gif|webp)$/i.test(name) ? 'drop.image' : 'drop.foreign', { name }))
    else if (path !== null) onChange({ source: use.source, folder: use.parent ? folderOf(path) : path })
    else if (dropped.folder || use.parent) refuse(t('drop.folder', { name }))
    else if (file.size > largestData) refuse(t('drop.large', { name }))
    else await send(file, use)
  }
  const stop = () => {
    sending.current?.abort()
    setState(null)
  }
  return { state, take, stop }
}

/** Sends a file that the host keeps; its path there, or null when `signal` ended it. */
async function sendData(
  host: Pick<HostClient, 'call'>,
  file: File,
  signal: AbortSignal,
  tell: (share: number) => void,
): Promise<string | null> {
  const { id } = await host.call('data.begin', { name: file.name, size: file.size })
  const part = (bytes: Uint8Array<ArrayBuffer>) => host.call('data.part', { id, bytes })
  if (await sendParts(file, part, signal, tell)) return (await host.call('data.keep', { id })).path
  await host.call('data.drop', { id })
  return null
}

/** Hears of files that are dragged over the dialog around an element, and dropped there; whether some are over it. */
function useDrops(
  here: RefObject<HTMLElement | null>,
  take: (transfer: DataTransfer) => Promise<void>,
): boolean {
  const [over, setOver] = useState(false)
  const latest = useRef(take)
  latest.current = take
  // before the dialog is seen: what is dropped a moment earlier would be taken by the window for a network
  useLayoutEffect(() => {
    const area = here.current?.closest<HTMLElement>('[role=dialog]')
    if (!area) return
    const end = new AbortController()
    const listen = (name: 'dragover' | 'dragleave' | 'drop', hear: (event: DragEvent) => void) =>
      area.addEventListener(name, hear, { signal: end.signal })
    listen('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    })
    listen('dragleave', (event) => {
      if (!area.contains(event.relatedTarget as Node | null)) setOver(false)
    })
    listen('drop', (event) => {
      setOver(false)
      const transfer = event.dataTransfer
      if (!transfer?.types.includes('Files')) return
      // a network is for the window, which opens it
      if ([...transfer.files].every(({ name }) => isNetwork(name))) return
      event.preventDefault()
      event.stopPropagation()
      void latest.current(transfer)
    })
    return () => end.abort()
  }, [here])
  return over
}
