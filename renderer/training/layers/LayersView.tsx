import { useMemo, useState } from 'react'
import { count, small } from '../../analysis/format.ts'
import { useText } from '../../i18n/index.ts'
import { Button } from '../../kit/Button.tsx'
import { Empty } from '../../kit/Empty.tsx'
import type { Sort } from '../../kit/sort.ts'
import type { OpenedRun } from '../../state/run.ts'
import { type RunFeed, useFeedPart } from '../feed.ts'
import { showLayer } from '../showLayer.ts'
import { GradientMap } from './GradientMap.tsx'
import { LayerDetail } from './LayerDetail.tsx'
import { LayerRows } from './LayerRows.tsx'
import './layers.css'
import { type Column, sortLayers } from './rows.ts'
import { gradientOf, hasEased, largestGradient, type Trouble, troublesOf } from './trouble.ts'

interface Props {
  readonly opened: OpenedRun | undefined
  readonly feed: RunFeed
  readonly live: boolean
}

const well: ReadonlyMap<string, Trouble> = new Map()

/** How every layer of a run learns: lengths of gradient and weights, their ratio, and how both are spread, over time. */
export function LayersView({ opened, feed, live }: Props) {
  const t = useText('layers')
  const pictures = useFeedPart(feed, () => feed.layers.pictures)
  /** Null follows the newest picture. */
  const [step, setStep] = useState<number | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const [sort, setSort] = useState<Sort<Column> | null>(null)
  const at = placeOf(pictures, step)
  const picture = pictures[at]
  const bad = troublesOf(pictures)[at] ?? well
  const rows = useMemo(() => (picture ? sortLayers(picture.layers, sort) : []), [picture, sort])
  if (!picture) {
    const off = opened?.config.statistics === false
    return (
      <Empty icon="layers" title={t(off ? 'off.title' : 'none.title')}>
        {t(off ? 'off.text' : live ? 'none.soon' : 'none.text')}
      </Empty>
    )
  }
  const { steps } = feed.metrics
  const eased = hasEased(steps.column('step'), steps.column('learningRate'), picture.step)
  const goTo = (index: number) => setStep(index >= pictures.length - 1 ? null : pictures[index]!.step)
  const layer =
    rows.find(({ id }) => id === chosen) ?? picture.layers.find(({ id }) => bad.has(id)) ?? rows[0]
  const show = (id: string) => {
    if (opened) showLayer(opened.document, id)
  }
  return (
    <div className="layers">
      <div className="layers-tools">
        <label className="smoothing">
          <span>{t('at')}</span>
          <input
            type="range"
            min="0"
            max={Math.max(1, pictures.length - 1)}
            value={at}
            disabled={pictures.length < 2}
            aria-valuetext={t('place', { step: count(picture.step), epoch: picture.epoch.toFixed(2) })}
            onChange={(event) => goTo(Number(event.target.value))}
          />
          <output>{t('place', { step: count(picture.step), epoch: picture.epoch.toFixed(2) })}</output>
        </label>
        {step !== null && (
          <Button size="sm" onClick={() => setStep(null)}>
            {t(live ? 'follow' : 'last')}
          </Button>
        )}
        <span className="grow" />
        <Verdict picture={picture} bad={bad} />
      </div>
      <GradientMap
        pictures={pictures}
        at={at}
        chosen={layer?.id ?? null}
        onChoose={goTo}
        onLayer={setChosen}
      />
      <div className="layers-columns">
        <LayerRows
          rows={rows}
          bad={bad}
          pictures={pictures}
          at={at}
          sort={sort}
          onSort={setSort}
          chosen={layer?.id ?? null}
          onChoose={setChosen}
          eased={eased}
          onOpen={show}
        />
        {layer && (
          <LayerDetail
            key={layer.id}
            layer={layer}
            picture={picture}
            trouble={bad.get(layer.id) ?? null}
            largest={largestGradient(picture, bad)}
            eased={eased}
            onShow={() => show(layer.id)}
          />
        )}
      </div>
    </div>
  )
}

/** The picture at a step, or the last before it; the newest where none is asked for. */
function placeOf(pictures: readonly { readonly step: number }[], step: number | null): number {
  if (step === null) return pictures.length - 1
  return Math.max(
    0,
    pictures.findLastIndex((picture) => picture.step <= step),
  )
}

interface VerdictProps {
  readonly picture: RunFeed['layers']['pictures'][number]
  readonly bad: ReadonlyMap<string, Trouble>
}

/** In a line, whether every layer learns. */
function Verdict({ picture, bad }: VerdictProps) {
  const t = useText('layers')
  const [first] = bad
  if (first) {
    const name = picture.layers.find(({ id }) => id === first[0])?.name
    return (
      <span className="layers-verdict" data-trouble={first[1]} role="status">
        {t(`verdict.${first[1]}`, { name, count: bad.size })}
      </span>
    )
  }
  const weakest = picture.layers.reduce<(typeof picture.layers)[number] | null>(
    (least, layer) => (least === null || gradientOf(layer) < gradientOf(least) ? layer : least),
    null,
  )
  return (
    <span className="layers-verdict" role="status">
      {weakest && t('verdict.well', { name: weakest.name, value: small(gradientOf(weakest)) })}
    </span>
  )
}
