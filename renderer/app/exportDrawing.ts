import i18next from 'i18next'
import { drawFigure } from '../../core/drawing/figure.ts'
import { useStore } from '../state/store.ts'
import { saveBytes } from '../training/download.ts'
import { EXTENSION, fileNameOf } from './files.ts'

/** Pixels of a PNG for each of the drawing: sharp in print at the drawing's own size. */
const SHARP = 3
/** Browsers make no larger canvas. */
const LARGEST = 16_000

/** Makes a file of what the canvas shows, drawn as a figure. */
export async function exportDrawing(format: 'svg' | 'png'): Promise<void> {
  const { document, view, ui } = useStore.getState()
  const figure = drawFigure(document.document, {
    language: ui.language,
    scope: view.scope,
    opened: view.opened,
  })
  const name = `${fileNameOf(document.document.name).slice(0, -EXTENSION.length)}.${format}`
  try {
    const bytes = format === 'svg' ? new TextEncoder().encode(figure.svg) : await rasterize(figure)
    saveBytes(name, bytes)
    ui.notify('ok', i18next.t('drawing.saved', { ns: 'app', name }))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    ui.notify('bad', i18next.t('drawing.failed', { ns: 'app', reason }))
  }
}

async function rasterize({
  svg,
  width,
  height,
}: ReturnType<typeof drawFigure>): Promise<Uint8Array<ArrayBuffer>> {
  const scale = Math.min(SHARP, LARGEST / width, LARGEST / height)
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = window.document.createElement('canvas')
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
    if (!blob) throw new Error(`${canvas.width}x${canvas.height}`)
    return new Uint8Array(await blob.arrayBuffer())
  } finally {
    URL.revokeObjectURL(url)
  }
}
