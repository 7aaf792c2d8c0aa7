/** Pixels of a PNG for each of the drawing: sharp in print at the drawing's own size. */
const SHARP = 3
/** Browsers make no larger canvas. */
const LARGEST = 16_000

/** An SVG as the text of its file, with its size in pixels. */
export interface Figure {
  readonly svg: string
  readonly width: number
  readonly height: number
}

/** Paints an SVG into a PNG, three pixels for each of its own. Throws where the browser can paint no canvas that large. */
export async function rasterize({ svg, width, height }: Figure): Promise<Uint8Array<ArrayBuffer>> {
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
