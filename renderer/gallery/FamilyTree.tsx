import { type KeyboardEvent, memo, type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { presets } from '../../presets/index.ts'
import { usePick, useText } from '../i18n/index.ts'
import { ancestryOf, type Kin, kin, lanes, relations } from './lineage.ts'
import { Silhouette } from './Silhouette.tsx'
import { modelOf, shownOf } from './search.ts'
import { drawingWidth, layTree, type Spot } from './tree.ts'
import { useIdle } from './useIdle.ts'
import './tree.css'

/** Height of the line of years, as in tree.css. */
const HEAD = 22

interface Props {
  /** Families that the filters leave. */
  readonly shown: ReadonlySet<string>
  /** Id of the chosen model of the tree. */
  readonly chosen: string | null
  onChoose(id: string): void
}

/**
 * The models by year and idea, each drawn from its own network, with lines from those that it took from. Pointing at
 * one shows its ancestry and what was taken; choosing one goes to its card. Arrow keys walk by year.
 */
export function FamilyTree({ shown, chosen, onChoose }: Props) {
  const t = useText('gallery')
  const pick = usePick()
  const frame = useRef<HTMLDivElement>(null)
  const size = useSize(frame)
  const [pointed, setPointed] = useState<string | null>(null)
  const [walked, setWalked] = useState(kin[0]!.id)
  const tree = useMemo(() => layTree(size.width, size.height, HEAD), [size])
  const active = pointed ?? chosen
  const ancestry = useMemo(() => (active === null ? null : ancestryOf(active)), [active])
  const onKey = (event: KeyboardEvent) => {
    const at = kin.findIndex((one) => one.id === walked)
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? kin.length - 1 : step && at + step
    const next = to === undefined ? undefined : kin[to]
    if (!next) return
    event.preventDefault()
    setWalked(next.id)
    frame.current?.querySelector<HTMLElement>(`[data-kin="${next.id}"]`)?.focus()
  }
  return (
    <section className="tree" aria-label={t('tree.label')}>
      <div className="tree-scroll">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys of the buttons in it arrive here */}
        <div className="tree-plot" ref={frame} onKeyDown={onKey}>
          <svg width={size.width} height={size.height} aria-hidden="true">
            {tree.columns.map(({ year, x }) => (
              <path key={year} className="tree-line" d={`M${x} ${HEAD}V${size.height}`} />
            ))}
            {tree.rows.map((y, lane) => (
              <path
                key={lanes[lane]!.en}
                className="tree-lane"
                d={`M${tree.columns[0]!.x} ${y}H${size.width}`}
              />
            ))}
            <path className="tree-break" d={`M${tree.columns[1]!.x - 11} ${HEAD + 5}l3-10m3 10l3-10`} />
            {/* the chosen ancestry lies on top of what it shares a way with */}
            {tree.links
              .toSorted(
                (a, b) =>
                  Number(ancestry?.links.has(a.relation) ?? 0) - Number(ancestry?.links.has(b.relation) ?? 0),
              )
              .map(({ relation, path }) => (
                <path
                  key={`${relation.from}${relation.to}`}
                  className="tree-link"
                  data-on={ancestry?.links.has(relation) || undefined}
                  d={path}
                />
              ))}
          </svg>
          {tree.columns.map(({ year, x }) => (
            <span key={year} className="tree-year" style={{ left: x + 10 }}>
              {year}
            </span>
          ))}
          {lanes.map((lane, i) => (
            <span key={lane.en} className="tree-idea" style={{ top: tree.rows[i] }}>
              {pick(lane)}
            </span>
          ))}
          {kin.map((one) => (
            <Node
              key={one.id}
              kin={one}
              spot={tree.spots.get(one.id)!}
              drawing={drawingWidth(size.width)}
              on={ancestry?.models.has(one.id) ?? false}
              chosen={one.id === chosen}
              dim={!one.families.some((family) => shown.has(family))}
              reachable={one.id === walked}
              onPoint={setPointed}
              onFocus={setWalked}
              onChoose={onChoose}
            />
          ))}
        </div>
      </div>
      <Caption id={active} />
    </section>
  )
}

interface NodeProps {
  readonly kin: Kin
  readonly spot: Spot
  /** Width of its picture. */
  readonly drawing: number
  readonly on: boolean
  readonly chosen: boolean
  readonly dim: boolean
  /** The one that Tab leads to. */
  readonly reachable: boolean
  onPoint(id: string | null): void
  onFocus(id: string): void
  onChoose(id: string): void
}

const Node = memo(function Node({ kin: one, spot, drawing, on, chosen, dim, reachable, ...act }: NodeProps) {
  const pick = usePick()
  const idle = useIdle()
  const members = presets.filter((preset) => preset.family.id === one.families[0])
  const [first] = members
  const preset = first && shownOf({ family: first.family, members })
  return (
    <button
      type="button"
      className="tree-node"
      data-kin={one.id}
      data-on={on || undefined}
      data-dim={dim || undefined}
      aria-pressed={chosen}
      tabIndex={reachable ? 0 : -1}
      style={{ left: spot.x, top: spot.y }}
      onClick={() => act.onChoose(one.id)}
      onFocus={() => {
        act.onFocus(one.id)
        act.onPoint(one.id)
      }}
      onBlur={() => act.onPoint(null)}
      onPointerEnter={() => act.onPoint(one.id)}
      onPointerLeave={() => act.onPoint(null)}
    >
      <span className="tree-drawing" style={{ width: drawing }}>
        {idle && preset && (
          <Silhouette
            analysis={modelOf(preset).analysis}
            width={drawing * 3}
            height={drawing > 40 ? 90 : 60}
          />
        )}
      </span>
      {pick(one.name)}
    </button>
  )
})

/** What the model in question took, and from which. */
function Caption({ id }: { id: string | null }) {
  const t = useText('gallery')
  const pick = usePick()
  const took = relations.filter((relation) => relation.to === id)
  const nameOf = (of: string) => pick(kin.find((one) => one.id === of)!.name)
  if (id === null) return <p className="tree-caption t3">{t('tree.hint')}</p>
  if (took.length === 0)
    return (
      <p className="tree-caption" role="status">
        <b>{nameOf(id)}</b> {t('tree.first')}
      </p>
    )
  return (
    <p className="tree-caption" role="status">
      <b>{nameOf(id)}</b>
      {took.map(({ from, took: what, source }) => (
        <span key={from}>
          {t('tree.from', { name: nameOf(from), what: pick(what) })} <span className="t3">
            ({source})
          </span>{' '}
        </span>
      ))}
    </p>
  )
}

function useSize(frame: RefObject<HTMLElement | null>) {
  const [size, setSize] = useState({ width: 900, height: 180 })
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const read = () => setSize({ width: element.clientWidth, height: element.clientHeight })
    read()
    const observer = new ResizeObserver(read)
    observer.observe(element)
    return () => observer.disconnect()
  }, [frame])
  return size
}
