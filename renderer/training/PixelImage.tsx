import { useLayoutEffect, useRef } from 'react'
import { paint } from './pixels.ts'

interface Props {
  /** Channel by channel, values from 0 to 255. */
  readonly pixels: Uint8Array
  /** [channels, height, width], [channels, length] or [channels, depth, height, width]. */
  readonly shape: readonly number[]
  /** What it shows; empty where the text beside it says so. */
  readonly label: string
  /** Drawn over it, from clear to glowing. */
  readonly heat?: { readonly height: number; readonly width: number; readonly pixels: Uint8Array } | null
}

/** A small image, every pixel a square. */
export function PixelImage({ pixels, shape, label, heat }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  // before it is seen: an empty canvas would show black
  useLayoutEffect(() => {
    if (canvas.current) paint(canvas.current, pixels, shape, heat ?? null)
  }, [pixels, shape, heat])
  return (
    <canvas
      ref={canvas}
      className="pixel-image"
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    />
  )
}
