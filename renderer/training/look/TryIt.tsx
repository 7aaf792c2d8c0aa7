import { useCallback, useRef, useState } from 'react'
import { percent, shape as shapeText } from '../../analysis/format.ts'
import { editNetwork } from '../../gallery/open.ts'
import { useText } from '../../i18n/index.ts'
import { Button } from '../../kit/Button.tsx'
import { Switch } from '../../kit/Choice.tsx'
import { Empty } from '../../kit/Empty.tsx'
import { useStore } from '../../state/store.ts'
import { PixelImage } from '../PixelImage.tsx'
import { pictures } from '../pixels.ts'
import { DrawPad } from './DrawPad.tsx'
import './look.css'
import { useImageDrop } from './useImageDrop.ts'
import { type LookAnswer, type LookImage, useLook } from './useLook.ts'

interface Props {
  readonly runId: string
  /** There are weights to try. */
  readonly ready: boolean
}

/** Draw or drop an image, and see what a run's network makes of it, layer by layer. */
export function TryIt({ runId, ready }: Props) {
  const t = useText('look')
  const { answer, failure, busy, ask, clear } = useLook(runId)
  const input = useRef<HTMLInputElement>(null)
  const show = useCallback((image: LookImage) => void ask(image), [ask])
  const { over, taken, take, handlers } = useImageDrop(show)
  if (!ready) {
    return (
      <Empty icon="edit" title={t('none.title')}>
        {t('none.text')}
      </Empty>
    )
  }
  return (
    <div className="look scroll" data-over={over || undefined} {...handlers}>
      <div className="look-top">
        <section className="look-part" aria-label={t('draw')}>
          <h2>{t('draw')}</h2>
          {/* an image from elsewhere empties the pad: what is said is of that image */}
          <DrawPad key={taken} onImage={show} onClear={clear} />
          <Button icon="folder" onClick={() => input.current?.click()}>
            {t('file')}
          </Button>
          <input
            ref={input}
            type="file"
            hidden
            accept="image/png,image/jpeg,image/bmp"
            onChange={(event) => {
              void take(event.target.files?.[0])
              event.target.value = ''
            }}
          />
        </section>
        <Said answer={answer} failure={failure} busy={busy} />
      </div>
      {answer && <Layers runId={runId} answer={answer} />}
    </div>
  )
}

function Said({
  answer,
  failure,
  busy,
}: {
  answer: LookAnswer | null
  failure: string | null
  busy: boolean
}) {
  const t = useText('look')
  const [reasons, setReasons] = useState(true)
  return (
    <>
      <section className="look-part" aria-label={t('seen')}>
        <h2>{t('seen')}</h2>
        <div className="look-seen">
          {answer && (
            <PixelImage
              pixels={answer.input.pixels}
              shape={answer.input.shape}
              label={t('seenText', { shape: shapeText(answer.input.shape) })}
              heat={reasons ? answer.cause : null}
            />
          )}
        </div>
        {answer?.cause && (
          <div className="row">
            <Switch label={t('reasons')} checked={reasons} onChange={setReasons} />
            <span aria-hidden="true" title={t('reasonsText', { layer: answer.cause.name })}>
              {t('reasons')}
            </span>
          </div>
        )}
      </section>
      <section className="look-part grow" aria-label={t('classes')}>
        <h2>{t('classes')}</h2>
        <div role="status" className="look-status">
          {failure !== null ? (
            <p className="bad selectable">{failure}</p>
          ) : answer ? (
            <p>
              {t('says', { class: answer.top[0]?.class, share: percent(answer.top[0]?.probability ?? null) })}
            </p>
          ) : (
            <p>{t(busy ? 'busy' : 'empty')}</p>
          )}
        </div>
        <ol className="probabilities">
          {answer?.top.map((each) => (
            <li key={each.class}>
              <span className="ell">{each.class}</span>
              <span className="probability" aria-hidden="true">
                <i style={{ width: `${100 * each.probability}%` }} />
              </span>
              <span>{percent(each.probability)}</span>
            </li>
          ))}
        </ol>
      </section>
    </>
  )
}

function Layers({ runId, answer }: { runId: string; answer: LookAnswer }) {
  const t = useText('look')
  const document = useStore((s) => s.run.opened[runId]?.document)
  const tryOut = useStore((s) => s.run.tryOut)
  const { layers } = answer
  const show = () => {
    tryOut({ runId, layers, top: answer.top[0] ?? null, input: answer.input })
    if (document) editNetwork(document)
  }
  return (
    <section className="look-part" aria-label={t('layers')}>
      <div className="row">
        <h2>{t('layers')}</h2>
        {document && (
          <Button size="sm" icon="link" onClick={show}>
            {t('canvas.show')}
          </Button>
        )}
      </div>
      <p className="look-note">{t('layersText')}</p>
      <ol className="layer-maps">
        {layers.map(({ id, name, shape, count, height, width, pixels, filters }) => (
          <li key={id}>
            <h3>
              <b>{name}</b> <span>{shapeText(shape)}</span>
              {count < (shape[0] ?? 0) && shape.length > 1 && <span>{t('first', { count })}</span>}
            </h3>
            {filters && <Filters name={name} filters={filters} />}
            <div className="maps" data-flat={height === 1 || undefined}>
              {pictures(pixels, count, height * width).map((map) => (
                <PixelImage
                  key={map.place}
                  pixels={map.pixels}
                  shape={[1, height, width]}
                  label={map.place === 0 ? t('maps', { name, count }) : ''}
                />
              ))}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

type FiltersOf = NonNullable<LookAnswer['layers'][number]['filters']>

/** What a convolution looks for. */
function Filters({ name, filters }: { name: string; filters: FiltersOf }) {
  const t = useText('look')
  const { of, count, channels, height, width, pixels } = filters
  return (
    <div className="filters" title={t('filtersText')}>
      <span className="look-note">
        {t('filters')}
        {count < of && <> · {t('filtersFirst', { count, of })}</>}
      </span>
      <div className="maps">
        {pictures(pixels, count, channels * height * width).map((filter) => (
          <PixelImage
            key={filter.place}
            pixels={filter.pixels}
            shape={[channels, height, width]}
            label={filter.place === 0 ? t('filtersOf', { name, count }) : ''}
          />
        ))}
      </div>
      <span className="look-note">{t('outputs')}</span>
    </div>
  )
}
