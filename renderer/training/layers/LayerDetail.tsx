import { count, small } from '../../analysis/format.ts'
import { usePick, useText } from '../../i18n/index.ts'
import { Button } from '../../kit/Button.tsx'
import { Icon } from '../../kit/Icon.tsx'
import type { LayerFigures, LayersEvent } from './history.ts'
import { lessonOf, UPDATE_SOURCE } from './lessons.ts'
import { gradientOf, type Trouble, updateBand } from './trouble.ts'

interface Props {
  readonly layer: LayerFigures
  readonly picture: LayersEvent
  readonly trouble: Trouble | null
  /** The longest gradient of the picture that does not explode. */
  readonly largest: number
  /** The schedule has let the learning rate go. */
  readonly eased: boolean
  /** Goes to the layer on the canvas. */
  onShow(): void
}

/** One layer at one step: how its weights and gradients are spread, and what to learn from it. */
export function LayerDetail({ layer, picture, trouble, largest, eased, onShow }: Props) {
  const t = useText('layers')
  return (
    <section className="layer-detail scroll" aria-label={layer.name}>
      <header className="row">
        <h2 className="grow ell">{layer.name}</h2>
        <Button size="sm" variant="quiet" icon="link" onClick={onShow}>
          {t('show')}
        </Button>
      </header>
      {trouble && <Lesson {...{ layer, picture, trouble, largest }} />}
      <Spread title={t('spread.weights')} spread={layer.weights} />
      <Spread title={t('spread.gradient')} spread={layer.gradient} />
      <Update update={layer.update} eased={eased} />
    </section>
  )
}

function Lesson({
  layer,
  picture,
  trouble,
  largest,
}: Omit<Props, 'onShow' | 'trouble' | 'eased'> & { trouble: Trouble }) {
  const pick = usePick()
  const { message, fix, source } = lessonOf({
    trouble,
    layer: layer.id,
    step: picture.step,
    gradient: gradientOf(layer),
    largest,
  })
  return (
    <div className="layer-lesson" data-trouble={trouble}>
      <Icon name={trouble === 'vanishing' ? 'warn' : 'error'} />
      <div>
        <p>{pick(message)}</p>
        {fix && <p className="t2">{pick(fix)}</p>}
        {source && <Source {...source} />}
      </div>
    </div>
  )
}

function Source({ citation, url }: { citation: string; url?: string }) {
  return (
    <p className="xs t2">
      {url ? (
        <a href={url} target="_blank" rel="noreferrer">
          {citation}
        </a>
      ) : (
        citation
      )}
    </p>
  )
}

function Update({ update, eased }: { update: number | null; eased: boolean }) {
  const t = useText('layers')
  const band = updateBand(update, eased)
  if (band === null) return null
  return (
    <div className="layer-update">
      <h3 className="cap">{t('column.update')}</h3>
      <p>{t(`band.${band}`, { value: small(update ?? Number.NaN) })}</p>
      <Source {...UPDATE_SOURCE} />
    </div>
  )
}

const [WIDTH, HEIGHT] = [256, 72]

/** How numbers are spread between their least and their most: a bar for each of the equal parts, 0 marked. */
function Spread({ title, spread }: { title: string; spread: LayerFigures['weights'] }) {
  const t = useText('layers')
  const { min, max, histogram } = spread
  const most = Math.max(1, ...histogram)
  const width = WIDTH / histogram.length
  const bars = histogram.map((n, bin) => ({ x: bin * width + 0.5, height: (n / most) * HEIGHT }))
  const zero = min < 0 && max > 0 ? (-min / (max - min)) * WIDTH : null
  const all = histogram.reduce((sum, n) => sum + n, 0)
  const tallest = histogram.indexOf(most)
  const middle = min + ((tallest + 0.5) / histogram.length) * (max - min)
  const said = t('spread.label', { title, low: small(min), high: small(max), middle: small(middle) })
  return (
    <figure className="spread">
      <figcaption className="row">
        <h3 className="cap grow">{title}</h3>
        <span className="xs t2">{t('spread.count', { count: all, shown: count(all) })}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={said}>
        {bars.map(({ x, height }) => (
          <rect key={x} x={x} width={width - 1} y={HEIGHT - height} height={height} />
        ))}
        {zero !== null && <path d={`M${zero} 0V${HEIGHT}`} />}
      </svg>
      <p className="spread-ends xs t2">
        <span>{small(min)}</span>
        {zero !== null && zero > WIDTH * 0.2 && zero < WIDTH * 0.8 && (
          <span style={{ left: `${(zero / WIDTH) * 100}%` }}>0</span>
        )}
        <span>{small(max)}</span>
      </p>
    </figure>
  )
}
