import i18next from 'i18next'
import { drawFigure } from '../../core/drawing/figure.ts'
import { rasterize } from '../kit/rasterize.ts'
import { useStore } from '../state/store.ts'
import { saveBytes } from '../training/download.ts'
import { EXTENSION, fileNameOf } from './files.ts'

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
