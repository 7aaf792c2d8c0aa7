import { existsSync } from 'node:fs'
import { drawFigure, type Figure } from '../../core/drawing/figure.ts'
import type { NetworkDocument } from '../../core/network/schema.ts'
import { readRun, runPaths } from '../trainer/run-folder.ts'
import { loadNetwork } from './network.ts'
import { UsageError } from './usage-error.ts'

/** What a network's drawing goes out as. */
export const drawingFormats = ['svg', 'png'] as const
export type DrawingFormat = (typeof drawingFormats)[number]

/** Pixels of a PNG for each of the drawing: sharp in print at the drawing's own size. */
const SHARP = 2
/** Longest side of a PNG, in pixels. */
const LARGEST = 16_000

/** The drawing of a run's network, of a preset or of a file: a figure with its blocks closed. */
export async function drawing(source: string, format: DrawingFormat): Promise<Uint8Array> {
  const figure = drawFigure(networkOf(source))
  return format === 'svg' ? new TextEncoder().encode(figure.svg) : await rasterize(figure)
}

const networkOf = (source: string): NetworkDocument =>
  existsSync(runPaths(source).record) ? readRun(source).document : loadNetwork(source)

async function rasterize({ svg, width, height }: Figure): Promise<Uint8Array> {
  const { createCanvas, loadImage } = await canvas()
  const scale = Math.min(SHARP, LARGEST / width, LARGEST / height)
  const paper = createCanvas(Math.round(width * scale), Math.round(height * scale))
  const image = await loadImage(Buffer.from(svg))
  paper.getContext('2d').drawImage(image, 0, 0, paper.width, paper.height)
  return paper.toBuffer('image/png')
}

/** The packaged app leaves the library at home: its window makes pictures by itself. */
async function canvas(): Promise<typeof import('@napi-rs/canvas')> {
  try {
    return await import('@napi-rs/canvas')
  } catch {
    throw new UsageError(
      'this installation makes no PNG in the shell: write --format svg, or use "Export drawing as PNG" of the app',
    )
  }
}
