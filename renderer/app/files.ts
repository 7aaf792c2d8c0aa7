import i18next from 'i18next'
import { DocumentError } from '../../core/network/document.ts'
import type { RecentFile } from '../gallery/recent.ts'
import { describeError } from '../host/errors.ts'
import { getHost } from '../host/host.ts'
import type { Place } from '../state/document.ts'
import { useStore } from '../state/store.ts'
import { saveBytes } from '../training/download.ts'
import { forgetAutosave } from './autosave.ts'
import { adviceFor, FOREIGN, importModel, isForeign } from './importModel.ts'

export const EXTENSION = '.layerloom'

/** Part of the browsers' file system access that not every browser has, hence not in TypeScript's library. */
interface Picker {
  showSaveFilePicker?(options: object): Promise<FileSystemFileHandle>
  showOpenFilePicker?(options: object): Promise<FileSystemFileHandle[]>
}
const picker = () => window as unknown as Picker
const TYPES = [{ description: 'Layerloom', accept: { 'application/json': [EXTENSION] } }]
const OPENED = {
  description: 'Layerloom, ONNX, Keras, TensorFlow.js',
  accept: {
    'application/json': [EXTENSION, '.json'],
    'application/octet-stream': ['.onnx', '.keras', '.h5', '.hdf5'],
  },
}
const cancelled = (error: unknown) => error instanceof DOMException && error.name === 'AbortError'

const t = (key: string, values: Record<string, unknown> = {}) => i18next.t(key, { ns: 'app', ...values })
const notify = (kind: 'ok' | 'bad', text: string) => useStore.getState().ui.notify(kind, text)

let dialogs: boolean | null = null
/** Whether the host shows the system's own file dialogs; asked once. */
async function hasDialogs(): Promise<boolean> {
  dialogs ??= (await getHost().call('app.info', undefined)).dialogs
  return dialogs
}

/** Characters that no file system takes, and dots that would hide the file. */
export const fileNameOf = (name: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what has to go
  `${name.replace(/[\\/:*?"<>|\u0000-\u001f]+/g, ' ').replace(/^[.\s]+|[.\s]+$/g, '') || 'network'}${EXTENSION}`

/** Opens the text of a file; a file that is none is refused with its reason and the open document stays. */
export function openDocumentText(text: string, place: Place): boolean {
  const { document, ui } = useStore.getState()
  try {
    document.openText(text, place)
    ui.show('editor')
    return true
  } catch (error) {
    const reason = error instanceof DocumentError ? error.text[ui.language] : String(error)
    notify('bad', t('openFailed', { name: place.fileName, reason }))
    return false
  }
}

/** Lets a person choose a file and opens it. Asks first where that would lose edits. */
export async function openFile(): Promise<void> {
  if (!confirmLoss()) return
  try {
    if (await hasDialogs()) {
      const file = await getHost().call('document.open', undefined)
      if (file) openDocumentText(file.text, { path: file.path, fileName: file.name })
    } else if (picker().showOpenFilePicker) {
      const [handle] = await picker().showOpenFilePicker!({ types: [OPENED] })
      if (!handle) return
      const file = await handle.getFile()
      if (handle.name.endsWith(EXTENSION))
        openDocumentText(await file.text(), { path: null, fileName: handle.name, handle })
      else await openDropped(file)
    } else {
      const file = await chooseFile([EXTENSION, ...FOREIGN])
      if (file) await openDropped(file)
    }
  } catch (error) {
    if (!cancelled(error)) notify('bad', describeError(error))
  }
}

/** Opens the documents that the system handed to the app, the last one to stay. Asks first where that would lose edits. */
export async function openGiven(): Promise<void> {
  try {
    for (;;) {
      const file = await getHost().call('document.take', undefined)
      if (file === null) return
      if (confirmLoss()) openDocumentText(file.text, { path: file.path, fileName: file.name })
    }
  } catch (error) {
    notify('bad', describeError(error))
  }
}

/** Opens a file again from where it lies; where it is gone, or the browser does not tell, what was kept of it. */
export async function openRecent(file: RecentFile): Promise<void> {
  if (!confirmLoss()) return
  const found =
    file.path === undefined
      ? null
      : await getHost()
          .call('document.reopen', { path: file.path })
          .catch(() => null)
  if (found) openDocumentText(found.text, { path: found.path, fileName: found.name })
  else openDocumentText(file.text, { path: null, fileName: file.fileName })
}

/** Opens a file that was dragged into the window: a network, or another program's model. */
export async function openDropped(file: File): Promise<void> {
  const advice = adviceFor(file.name)
  if (advice !== null) notify('bad', advice)
  else if (isForeign(file.name)) await importModel(file)
  else {
    const text = await file.text()
    if (file.name.endsWith('.json') && !isDocument(text)) await importModel(file)
    else openDocumentText(text, { path: null, fileName: file.name })
  }
}

/** Whether a text claims to be a network of ours; what is wrong with it then is for opening it to say. */
function isDocument(text: string): boolean {
  try {
    return (JSON.parse(text) as { format?: unknown } | null)?.format === 'layerloom'
  } catch {
    return true
  }
}

/** Lets a person choose a model of another program and makes a network of it. Asks first where that would lose edits. */
export async function importFile(): Promise<void> {
  if (!confirmLoss()) return
  const file = await chooseFile(FOREIGN)
  if (file) await openDropped(file)
}

function chooseFile(accept: readonly string[]): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = accept.join()
    input.onchange = () => resolve(input.files?.[0] ?? null)
    input.oncancel = () => resolve(null)
    input.click()
  })
}

/**
 * Saves the open document: to where it came from, or to a place a person chooses. Without dialogs of the host or of the
 * browser it becomes a download. True when it has been written.
 */
export async function saveFile(as = false): Promise<boolean> {
  const { document } = useStore.getState()
  const at = document.past.at(-1)
  const text = document.serialize()
  try {
    const place = await write(text, as ? null : document.place, suggestedName())
    if (!place) return false
    useStore.getState().document.markSaved(place, at)
    forgetAutosave()
    notify('ok', t('saved', { name: place.fileName }))
    return true
  } catch (error) {
    if (!cancelled(error)) notify('bad', describeError(error))
    return false
  }
}

function suggestedName(): string {
  const { place, document } = useStore.getState().document
  return place?.fileName ?? fileNameOf(document.name)
}

async function write(text: string, place: Place | null, name: string): Promise<Place | null> {
  if (await hasDialogs()) {
    const saved = await getHost().call('document.save', { path: place?.path ?? null, name, text })
    return saved && { path: saved.path, fileName: saved.name }
  }
  if (place?.handle) return writeHandle(place.handle, text)
  if (picker().showSaveFilePicker)
    return writeHandle(await picker().showSaveFilePicker!({ suggestedName: name, types: TYPES }), text)
  saveBytes(name, new TextEncoder().encode(text))
  return { path: null, fileName: name }
}

async function writeHandle(handle: FileSystemFileHandle, text: string): Promise<Place> {
  // the browser writes to a copy and swaps it in on close, so that a failure leaves the old file whole
  const stream = await handle.createWritable()
  await stream.write(text)
  await stream.close()
  return { path: null, fileName: handle.name, handle }
}

/** True when the open document may be given up: it has no unsaved edits, or the person says so. */
export function confirmLoss(): boolean {
  const { dirty, document } = useStore.getState().document
  if (!dirty) return true
  if (!window.confirm(t('loseEdits', { name: document.name }))) return false
  forgetAutosave()
  return true
}

/** Begins an empty network. */
export function newFile(): void {
  if (!confirmLoss()) return
  useStore.getState().document.newDocument()
  useStore.getState().ui.show('editor')
}
