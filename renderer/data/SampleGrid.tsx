import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { usePick, useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { walk } from '../kit/walk.ts'
import { isFine } from './fine.ts'
import { SamplePicture } from './SamplePicture.tsx'
import type { SamplesState, Seen } from './useSamples.ts'

interface Props {
  readonly samples: SamplesState
  readonly head: NonNullable<SamplesState['head']>
  /** Place of the chosen sample in the list. */
  readonly chosen: number | null
  onChoose(index: number): void
}

/** Side of a picture, and what stands around it: tokens of data.css. */
const CELL = 92
const ROW = 114
/** Room for the mark around a chosen one, and above the first row. */
const INSET = 4
const TOP = 12
/** Rows beyond those in view. */
const OVERSCAN = 2

/**
 * All samples as pictures, of which only those in view stand in the page. Arrow keys, Page Up and Down, Home and End
 * walk them.
 */
export function SampleGrid({ samples, head, chosen, onChoose }: Props) {
  const t = useText('data')
  const frame = useRef<HTMLDivElement>(null)
  const { columns, step, first, last, height } = useView(frame, head.total)
  const { want } = samples
  useEffect(() => {
    if (last >= first) want(first, last)
  }, [first, last, want])
  const at = Math.min(chosen ?? 0, head.total - 1)
  const move = (event: KeyboardEvent) => {
    const page = Math.floor((frame.current?.clientHeight ?? 0) / ROW) - 1
    const next = walk(event, at, { total: head.total, columns, page })
    if (next === null) return
    event.preventDefault()
    onChoose(next)
    reveal(frame.current, next, columns)
  }
  // the chosen one keeps its place in the page also out of view, so that keys go on from there
  const shown = [...new Set([...range(first, last), at])].filter((index) => index >= 0 && index < head.total)
  return (
    <div className="sample-frame" ref={frame}>
      <div
        role="listbox"
        tabIndex={-1}
        aria-label={t('grid.label')}
        className="sample-grid"
        style={{ height }}
        onKeyDown={move}
      >
        {shown.map((index) => (
          <Tile
            key={index}
            index={index}
            columns={columns}
            step={step}
            head={head}
            seen={samples.at(index)}
            chosen={index === chosen}
            focusable={index === at}
            onChoose={onChoose}
          />
        ))}
      </div>
    </div>
  )
}

const range = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)

/** Which samples are in view, by the frame's size and how far it is scrolled. */
function useView(frame: React.RefObject<HTMLDivElement | null>, total: number) {
  const [{ top, width, tall }, setView] = useState({ top: 0, width: CELL, tall: ROW })
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const measure = () =>
      setView({ top: element.scrollTop, width: contentWidth(element), tall: element.clientHeight })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }, [frame])
  const columns = Math.max(1, Math.floor(width / (CELL + 8)))
  const firstRow = Math.max(0, Math.floor(top / ROW) - OVERSCAN)
  const lastRow = Math.ceil((top + tall) / ROW) + OVERSCAN
  return {
    columns,
    // what is left of the width goes between the columns
    step: columns > 1 ? (width - 2 * INSET - CELL) / (columns - 1) : 0,
    first: firstRow * columns,
    last: Math.min(total, (lastRow + 1) * columns) - 1,
    height: TOP + Math.ceil(total / columns) * ROW,
  }
}

/** Width inside the frame's padding. */
function contentWidth(element: HTMLElement): number {
  const { paddingLeft, paddingRight } = getComputedStyle(element)
  return element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight)
}

/** Scrolls a sample into view, and gives it the focus once it stands in the page. */
function reveal(frame: HTMLElement | null, index: number, columns: number): void {
  if (!frame) return
  const top = index < columns ? 0 : TOP + Math.floor(index / columns) * ROW - INSET
  if (top < frame.scrollTop) frame.scrollTop = top
  else if (top + ROW > frame.scrollTop + frame.clientHeight) frame.scrollTop = top + ROW - frame.clientHeight
  requestAnimationFrame(() =>
    frame.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true }),
  )
}

interface TileProps {
  readonly index: number
  readonly columns: number
  /** From one column to the next. */
  readonly step: number
  readonly head: Props['head']
  readonly seen: Seen | undefined
  readonly chosen: boolean
  readonly focusable: boolean
  onChoose(index: number): void
}

function Tile({ index, columns, step, head, seen, chosen, focusable, onChoose }: TileProps) {
  const t = useText('data')
  const pick = usePick()
  const name = seen ? (head.classes[seen.sample.label] ?? String(seen.sample.label)) : ''
  const label = !seen
    ? t('grid.loading')
    : seen.sample.error
      ? t('grid.broken', {
          class: name,
          reason: seen.sample.text ? pick(seen.sample.text) : seen.sample.error,
        })
      : t(seen.sample.part === 'train' ? 'grid.train' : 'grid.validation', { class: name })
  return (
    <div
      role="option"
      className="sample-tile"
      data-index={index}
      aria-selected={chosen}
      aria-setsize={head.total}
      aria-posinset={index + 1}
      aria-label={label}
      tabIndex={focusable ? 0 : -1}
      title={seen && (seen.sample.name ? `${name}\n${seen.sample.name}` : name)}
      style={{
        left: INSET + (index % columns) * step,
        top: TOP + Math.floor(index / columns) * ROW,
      }}
      onClick={() => onChoose(index)}
      onFocus={() => !chosen && onChoose(index)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        onChoose(index)
      }}
    >
      <span
        className="sample-picture"
        data-fine={isFine(head.shape, CELL) || undefined}
        data-broken={seen?.sample.error !== undefined || undefined}
      >
        {seen &&
          (seen.sample.error ? (
            <Icon name="warn" size={20} />
          ) : (
            <SamplePicture pixels={seen.pixels} shape={head.shape} label="" />
          ))}
        {seen?.sample.part === 'validation' && (
          <span className="part-mark" aria-hidden="true">
            {t('grid.mark')}
          </span>
        )}
      </span>
      <span className="ell">{name}</span>
    </div>
  )
}
