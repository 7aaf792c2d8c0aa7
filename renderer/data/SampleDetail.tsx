import { shape } from '../analysis/format.ts'
import { usePick, useText } from '../i18n/index.ts'
import type { NetworkInput } from '../training/useDescription.ts'
import { isFine } from './fine.ts'
import { SamplePicture } from './SamplePicture.tsx'
import type { Samples } from './useSamples.ts'

/** Side of a picture here, about. */
const SIDE = 140

interface Props {
  readonly answer: Samples
  readonly input: NetworkInput | undefined
}

/** One sample: as it is kept, beside it as the network gets it, and what was done to bring it there. */
export function SampleDetail({ answer, input }: Props) {
  const t = useText('data')
  const pick = usePick()
  const [sample] = answer.samples
  if (!sample) return null
  const { original } = answer
  const size = answer.shape.reduce((product, side) => product * side, 1)
  // of a volume the middle is shown
  const depth = answer.shape.length === 4 ? answer.shape[1]! : 1
  const fitted = answer.pixels.subarray(0, size)
  return (
    <section className="data-part" aria-label={t('detail.title')}>
      <h2 className="cap">{t('detail.title')}</h2>
      {sample.error ? (
        <p className="data-warning selectable">
          {t('detail.broken', { reason: sample.text ? pick(sample.text) : sample.error })}
        </p>
      ) : (
        <div className="fitting">
          {original && (
            <figure data-fine={isFine(original.shape, SIDE) || undefined}>
              <SamplePicture pixels={original.pixels} shape={original.shape} label={t('detail.kept')} />
              <figcaption>
                {t('detail.kept')}
                <span className="t2">{shape(sample.shape ?? [])}</span>
              </figcaption>
            </figure>
          )}
          <figure data-fine={isFine(answer.shape, SIDE) || undefined}>
            <SamplePicture pixels={fitted} shape={answer.shape} label={t('detail.fitted')} />
            <figcaption>
              {t(input ? 'detail.fitted' : 'detail.shown')}
              <span className="t2">{shape(answer.shape)}</span>
            </figcaption>
          </figure>
        </div>
      )}
      <p className="xs t2">
        {sample.shape && !sample.error && input && t(`fit.${fitOf(sample.shape, input)}`)}
      </p>
      {depth > 1 && !sample.error && (
        <p className="xs t2">{t('detail.slice', { slice: Math.floor(depth / 2) + 1, depth })}</p>
      )}
      <dl className="sample-facts">
        <div>
          <dt>{t('detail.class')}</dt>
          <dd className="file-name">{answer.classes[sample.label]}</dd>
        </div>
        <div>
          <dt>{t('detail.part')}</dt>
          <dd>{t(`split.${sample.part}`)}</dd>
        </div>
        <div>
          <dt>{t('detail.index')}</dt>
          <dd>{sample.index}</dd>
        </div>
        {sample.name && (
          <div>
            <dt>{t('detail.file')}</dt>
            <dd className="file-name selectable">{sample.name}</dd>
          </div>
        )}
      </dl>
    </section>
  )
}

/** What brings a sample to the network's input. */
function fitOf(from: readonly number[], { shape: to, fit }: NetworkInput): string {
  const sides = from.slice(1)
  const colour = from[0] === to[0] ? '' : from[0] === 1 ? 'Spread' : 'Gray'
  if (sides.every((side, axis) => side === to[axis + 1])) return `same${colour}`
  if (fit === 'resize') return `resize${colour}`
  return `${sides.some((side, axis) => side > to[axis + 1]!) ? 'shrink' : 'pad'}${colour}`
}
