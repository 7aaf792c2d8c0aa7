import { useCallback, useEffect, useRef } from 'react'
import { useText } from '../../i18n/index.ts'
import { Button } from '../../kit/Button.tsx'
import { centred, DIGIT_SIDE, paint } from '../pixels.ts'
import type { LookAnswer, LookImage } from './useLook.ts'

interface Props {
  /** What stands on the pad at first: an image as a network gets it. */
  readonly first?: LookAnswer['input'] | null
  onImage(image: LookImage): void
  onClear(): void
}

const SIDE = 112
const PEN = 9
/** A line that is being drawn is asked about this often. */
const EVERY_MS = 250
/** How far an arrow key moves the pen. */
const STEP = 4

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
}

/** Draws white on black by pointer, or by arrow keys with the space bar held for the pen. */
export function DrawPad({ first, onImage, onClear }: Props) {
  const t = useText('look')
  const canvas = useRef<HTMLCanvasElement>(null)
  const pen = useRef({ x: SIDE / 2, y: SIDE / 2, down: false, told: 0 })
  const tell = useCallback(() => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true })
    if (!context) return
    const { data } = context.getImageData(0, 0, SIDE, SIDE)
    const drawn = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => data[4 * i]!)
    pen.current.told = performance.now()
    onImage({ channels: 1, height: DIGIT_SIDE, width: DIGIT_SIDE, pixels: centred(drawn, SIDE) })
  }, [onImage])
  const clear = useCallback(() => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true })
    context?.reset()
    context?.fillRect(0, 0, SIDE, SIDE)
  }, [])
  useEffect(clear, [clear])
  // only what is there at first: later images come from the pad itself
  const begin = useRef(first)
  useEffect(() => {
    if (!canvas.current || !begin.current) return
    const image = document.createElement('canvas')
    paint(image, begin.current.pixels, begin.current.shape, null)
    canvas.current.getContext('2d', { willReadFrequently: true })?.drawImage(image, 0, 0, SIDE, SIDE)
  }, [])

  const line = (x: number, y: number) => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true })
    if (!context) return
    context.strokeStyle = '#fff'
    context.lineWidth = PEN
    context.lineCap = 'round'
    context.lineJoin = 'round'
    context.beginPath()
    context.moveTo(pen.current.x, pen.current.y)
    context.lineTo(x, y)
    context.stroke()
    Object.assign(pen.current, { x, y })
    if (performance.now() - pen.current.told > EVERY_MS) tell()
  }
  const placeOf = (event: React.PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return [
      ((event.clientX - box.left) / box.width) * SIDE,
      ((event.clientY - box.top) / box.height) * SIDE,
    ] as const
  }
  const onKey = (event: React.KeyboardEvent) => {
    const arrow = ARROWS[event.key]
    if (event.key === ' ') pen.current.down = true
    else if (!arrow) return
    event.preventDefault()
    if (!arrow) return
    const clamp = (value: number) => Math.min(SIDE - 6, Math.max(6, value))
    const [x, y] = [clamp(pen.current.x + arrow[0]), clamp(pen.current.y + arrow[1])]
    if (pen.current.down) line(x, y)
    else Object.assign(pen.current, { x, y })
  }
  return (
    <div className="draw-pad">
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: keys go to the pad, not to the reader */}
      <canvas
        ref={canvas}
        width={SIDE}
        height={SIDE}
        tabIndex={0}
        role="application"
        aria-label={t('pad')}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          const [x, y] = placeOf(event)
          Object.assign(pen.current, { x, y, down: true })
          line(x + 0.1, y)
        }}
        onPointerMove={(event) => {
          if (pen.current.down) line(...placeOf(event))
        }}
        onPointerUp={() => {
          pen.current.down = false
          tell()
        }}
        onKeyDown={onKey}
        onKeyUp={(event) => {
          if (event.key !== ' ') return
          pen.current.down = false
          tell()
        }}
      />
      <div className="row">
        <span className="look-note">{t('padText')}</span>
        <Button
          size="sm"
          onClick={() => {
            clear()
            onClear()
          }}
        >
          {t('clear')}
        </Button>
      </div>
    </div>
  )
}
