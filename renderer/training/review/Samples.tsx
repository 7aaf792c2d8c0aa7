import { percent } from '../../analysis/format.ts'
import { useText } from '../../i18n/index.ts'
import { Button } from '../../kit/Button.tsx'
import { PixelImage } from '../PixelImage.tsx'
import { type Cell, type ReviewResult, samplesOf } from './figures.ts'

interface Props {
  readonly result: ReviewResult
  readonly cell: Omit<Cell, 'count'> | null
  onAll(): void
}

/** The images behind the chosen cell, or the worst mistakes. */
export function Samples({ result, cell, onAll }: Props) {
  const t = useText('review')
  const { classes, shape, pixels } = result
  const size = shape.reduce((product, side) => product * side, 1)
  const samples = samplesOf(result, cell)
  const names = cell && { label: classes[cell.label], predicted: classes[cell.predicted] }
  const title = !names
    ? t('worst')
    : cell.label === cell.predicted
      ? t('rightly', names)
      : t('takenFor', names)
  return (
    <section className="review-part grow" aria-label={title}>
      <h2>{title}</h2>
      <p className="review-note">
        {t(cell ? 'samplesText' : 'worstText')}
        {cell && (
          <Button size="sm" variant="quiet" onClick={onAll}>
            {t('worst')}
          </Button>
        )}
      </p>
      {samples.length === 0 ? (
        <p>{t(cell ? 'noSamples' : 'noMistakes')}</p>
      ) : (
        <ul className="samples">
          {samples.map(({ index, at, label, predicted, probability }) => (
            <li key={index}>
              <PixelImage
                pixels={pixels.subarray(at * size, (at + 1) * size)}
                shape={shape}
                label={t('sample', { index, label: classes[label], predicted: classes[predicted] })}
              />
              <b className="ell">
                {label === predicted ? classes[predicted] : t('said', { predicted: classes[predicted] })}
              </b>
              <span className="ell">
                {label === predicted
                  ? percent(probability)
                  : t('is', { label: classes[label], share: percent(probability) })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
