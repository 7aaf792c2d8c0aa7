import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { pictures } from '../training/pixels.ts'
import { AugmentFields } from './AugmentFields.tsx'
import type { AugmentDraft } from './augment-draft.ts'
import { isFine } from './fine.ts'
import { SamplePicture } from './SamplePicture.tsx'
import type { Samples } from './useSamples.ts'

/** Side of a picture here, about. */
const SIDE = 70

interface Props {
  /** The chosen sample with its variants; null while there is none. */
  readonly answer: Samples | null
  readonly draft: AugmentDraft
  /** The fields say something else than the recipe. */
  readonly changed: boolean
  readonly wrong: boolean
  onChange(draft: AugmentDraft): void
  onUse(): void
  onReset(): void
}

/** How training varies the chosen sample, epoch by epoch, and the settings for that. */
export function Augmentation({ answer, draft, changed, wrong, onChange, onUse, onReset }: Props) {
  const t = useText('data')
  return (
    <section className="data-part" aria-label={t('augment.title')}>
      <h2 className="cap">{t('augment.title')}</h2>
      <Variants answer={answer} />
      <AugmentFields draft={draft} onChange={onChange} />
      <div className="augment-actions">
        <p className="xs t2 grow" role="status">
          {t(changed ? 'augment.changed' : 'augment.same')}
        </p>
        <Button size="sm" variant="quiet" disabled={!changed} onClick={onReset}>
          {t('augment.reset')}
        </Button>
        <Button size="sm" disabled={!changed || wrong} onClick={onUse}>
          {t('augment.use')}
        </Button>
      </div>
    </section>
  )
}

function Variants({ answer }: Pick<Props, 'answer'>) {
  const t = useText('data')
  const [sample] = answer?.samples ?? []
  const size = answer?.shape.reduce((product, side) => product * side, 1) ?? 0
  if (!answer || !sample || sample.error) return null
  // behind the sample itself
  const variants = pictures(answer.pixels, answer.pixels.length / size, size).slice(1)
  if (variants.length === 0) return <p className="xs t2">{t('augment.none')}</p>
  return (
    <>
      <ol className="augment-variants">
        {variants.map(({ place: epoch, pixels }) => (
          <li key={epoch} data-fine={isFine(answer.shape, SIDE) || undefined}>
            <SamplePicture pixels={pixels} shape={answer.shape} label={t('augment.epoch', { epoch })} />
          </li>
        ))}
      </ol>
      <p className="xs t2">{t(sample.part === 'train' ? 'augment.exact' : 'augment.held')}</p>
    </>
  )
}
