import i18next from 'i18next'
import { HostError } from '../host/client.ts'
import { describeError } from '../host/errors.ts'
import { getHost } from '../host/host.ts'
import { sendParts } from '../host/sendFile.ts'
import { useStore } from '../state/store.ts'

/** Files of other programs that networks are made of (core/interchange/import). */
const ENDINGS = ['.onnx', '.keras', '.h5', '.hdf5']
/** What a file chooser offers for them; models of TensorFlow.js and Keras' own text are JSON. */
export const FOREIGN = [...ENDINGS, '.json']

export const isForeign = (name: string): boolean =>
  ENDINGS.some((ending) => name.toLowerCase().endsWith(ending))
/** PyTorch's own files hold no structure, and what they hold is a program that would have to be run. */
const isPickle = (name: string): boolean => /\.(pt|pth|ckpt)$/i.test(name)
const isWeights = (name: string): boolean => /\.safetensors$/i.test(name)

const t = (key: string, values: Record<string, unknown> = {}) =>
  i18next.t(`import.${key}`, { ns: 'app', ...values })

/** Why a file that is neither a network nor a model is not opened, and what to do with it; null for any other file. */
export function adviceFor(name: string): string | null {
  if (isPickle(name)) return t('pickle', { name })
  return isWeights(name) ? t('weights', { name }) : null
}

/** Makes a network of another program's file, shows it, and says what became of its weights. */
export async function importModel(file: File): Promise<void> {
  const { ui, document, run } = useStore.getState()
  ui.notify('info', t('reading', { name: file.name }))
  try {
    const host = getHost()
    const { id } = await host.call('weights.begin', { name: file.name, size: file.size })
    const part = (bytes: Uint8Array<ArrayBuffer>) => host.call('weights.part', { id, bytes })
    await sendParts(file, part, new AbortController().signal, () => undefined)
    const found = await host.call('network.import', { file: id })
    document.newDocument(found.document)
    ui.show('editor')
    if (found.runId !== null) await run.select(found.runId)
    const name = found.document.name
    ui.notify('ok', t(found.runId === null ? 'done' : 'doneWithWeights', { name }))
    for (const note of found.notes) ui.notify('warn', note[ui.language])
  } catch (error) {
    const said = error instanceof HostError ? error.text?.[ui.language] : undefined
    ui.notify(
      'bad',
      i18next.t('openFailed', { ns: 'app', name: file.name, reason: said ?? describeError(error) }),
    )
  }
}
