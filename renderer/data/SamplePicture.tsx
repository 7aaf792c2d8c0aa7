import { useMemo } from 'react'
import { PixelImage } from '../training/PixelImage.tsx'
import { signalPath } from './signal.ts'

interface Props {
  /** Channel by channel, values from 0 to 255. */
  readonly pixels: Uint8Array
  /** [channels, height, width], [channels, length] or [channels, depth, height, width]. */
  readonly shape: readonly number[]
  /** What it shows; empty where the text beside it says so. */
  readonly label: string
}

/** A sample as it looks: an image, the middle of a volume, or a signal's course. */
export function SamplePicture(props: Props) {
  return props.shape.length === 2 ? <Signal {...props} /> : <PixelImage {...props} />
}

function Signal({ pixels, shape, label }: Props) {
  const path = useMemo(() => signalPath(pixels, shape), [pixels, shape])
  const drawn = { className: 'signal-image', viewBox: '0 0 120 100', preserveAspectRatio: 'none' }
  const course = <path d={path} vectorEffect="non-scaling-stroke" />
  return label ? (
    <svg {...drawn} role="img" aria-label={label}>
      {course}
    </svg>
  ) : (
    <svg {...drawn} aria-hidden="true">
      {course}
    </svg>
  )
}
