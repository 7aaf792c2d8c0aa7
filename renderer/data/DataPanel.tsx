import { useEffect, useMemo, useRef, useState } from 'react'
import { inputTransformOf } from '../../core/layers/index.ts'
import type { Augment, NetworkDocument } from '../../core/network/schema.ts'
import { count, shape } from '../analysis/format.ts'
import { useText } from '../i18n/index.ts'
import { Button, IconButton } from '../kit/Button.tsx'
import { Segmented } from '../kit/Choice.tsx'
import { Dialog } from '../kit/Dialog.tsx'
import { Empty } from '../kit/Empty.tsx'
import { sourceOf } from '../training/draft.ts'
import { type Describing, useDescription } from '../training/useDescription.ts'
import { Augmentation } from './Augmentation.tsx'
import { augmentDraftOf, readAugment } from './augment-draft.ts'
import { DataFacts } from './DataFacts.tsx'
import { SampleDetail } from './SampleDetail.tsx'
import { SampleGrid } from './SampleGrid.tsx'
import { type SourceDraft, SourceFields } from './SourceFields.tsx'
import { useDetail, useSamples, type Which } from './useSamples.ts'
import './data.css'
import './samples.css'

interface Props {
  readonly document: NetworkDocument
  readonly draft: SourceDraft
  readonly seed: number
  /** Share kept for validation. */
  readonly validation: number
  readonly weights?: readonly number[] | undefined
  /** What is known of the whole where the source is described already; it is described here where absent. */
  readonly describing?: Describing
  onSource(change: Partial<SourceDraft>): void
  /** Takes what the recipe is to vary training images by. */
  onAugment(augment: Augment | undefined): void
  /** Takes what a sample of each class is to count for; absent where this can't be changed. */
  onWeights?: ((weights: number[] | undefined) => void) | undefined
  onClose(): void
}

type Order = Which['order']
type PartChoice = 'all' | 'train' | 'validation'
/** Pictures of the chosen sample as training varies it. */
const VARIANTS = 8

/** A window on the data: what it holds, its samples as the network gets them, and how training varies them. */
export function DataPanel(props: Props) {
  const { document, draft, seed, validation, onSource, onClose } = props
  const t = useText('data')
  const [order, setOrder] = useState<Order>('feed')
  const [part, setPart] = useState<PartChoice>('all')
  const [only, setOnly] = useState<number | null>(null)
  const [chosen, setChosen] = useState<number | null>(0)
  const source = sourceOf(draft)
  const input = useInput(document)
  // the source whose samples can't be brought to the network's input
  const [misfit, setMisfit] = useState<{ source: string; shape: readonly number[] } | null>(null)
  const unfit = misfit !== null && misfit.source === source
  const takes = unfit ? undefined : input
  const which = useMemo(
    (): Which | null =>
      source === null
        ? null
        : {
            ...{ source, seed, validation, order },
            ...(takes ? { input: takes } : {}),
            ...(only === null ? {} : { class: only }),
            ...(part === 'all' ? {} : { part }),
          },
    [source, seed, validation, order, takes, only, part],
  )
  const samples = useSamples(which)
  const first = samples.at(0)?.sample
  useEffect(() => {
    // it could be read, and not be brought to what the network takes: so it is with all of them
    if (source !== null && takes && first?.error && first.shape) setMisfit({ source, shape: first.shape })
  }, [source, takes, first])
  const shown = useShown(source, samples.state)
  const own = useDescription(props.describing ? null : shown, input)
  const describing = props.describing ?? own
  const { head } = samples
  const pick = (change: () => void) => {
    change()
    setChosen(0)
  }
  return (
    <Dialog open bare width={1720} title={t('title')} onClose={onClose}>
      <div className="data-panel">
        <header className="data-head">
          <h1>{t('title')}</h1>
          <div className="data-source">
            <SourceFields
              draft={draft}
              error={null}
              onChange={(change) =>
                pick(() => {
                  setOnly(null)
                  onSource(change)
                })
              }
            />
          </div>
          <IconButton icon="close" label={t('close')} onClick={onClose} />
        </header>
        {head ? (
          <>
            <DataFacts
              {...{ head, describing, seed, validation, only }}
              weights={props.weights}
              onWeights={props.onWeights}
              onOnly={(label) => pick(() => setOnly(label))}
            />
            <section className="data-samples" aria-label={t('grid.area')}>
              <Tools
                {...{ order, part, total: head.total }}
                only={only === null ? null : (head.classes[only] ?? null)}
                onOrder={(next) => pick(() => setOrder(next))}
                onPart={(next) => pick(() => setPart(next))}
                onAll={() => pick(() => setOnly(null))}
              />
              {unfit && input && (
                <p className="data-warning data-misfit" role="alert">
                  {t('grid.misfit', { takes: shape(input.shape), has: shape(misfit.shape) })}
                </p>
              )}
              {samples.state === 'bad' ? (
                <Failed message={samples.message ?? ''} again={samples.again} />
              ) : head.total === 0 ? (
                <Empty icon="filter" title={t('grid.none')}>
                  {t('grid.noneText')}
                </Empty>
              ) : (
                <SampleGrid {...{ samples, head, chosen, onChoose: setChosen }} key={JSON.stringify(which)} />
              )}
            </section>
            <Side {...{ document, input: takes, which }} chosen={chosen} onAugment={props.onAugment} />
          </>
        ) : (
          <Nothing {...{ samples, draft }} />
        )}
      </div>
    </Dialog>
  )
}

/** The source once some of it is seen: reading all of it would keep the first samples waiting. */
function useShown(source: string | null, state: string): string | null {
  const shown = useRef<string | null>(null)
  if (state === 'ready') shown.current = source
  return shown.current === source ? source : null
}

/** What the network takes, the same object as long as the network is. */
function useInput(document: NetworkDocument) {
  return useMemo(() => {
    const input = inputTransformOf(document)
    return input ? { shape: [...input.shape], fit: input.fit } : undefined
  }, [document])
}

function Nothing({ samples, draft }: { samples: ReturnType<typeof useSamples>; draft: SourceDraft }) {
  const t = useText('data')
  const need = useText('training')
  return (
    <div className="data-nothing">
      {samples.state === 'bad' && <Failed message={samples.message ?? ''} again={samples.again} />}
      {samples.state === 'reading' && (
        <Empty icon="folder" title={t('reading.title')}>
          <span role="status">{t('reading.text')}</span>
        </Empty>
      )}
      {samples.state === 'none' && (
        <Empty icon="folder" title={t('none.title')}>
          {need(`data.need.${draft.source}`)} {t('none.drop')}
        </Empty>
      )}
    </div>
  )
}

function Failed({ message, again }: { message: string; again: () => void }) {
  const t = useText('data')
  return (
    <Empty
      icon="error"
      title={t('failed.title')}
      actions={<Button onClick={again}>{t('failed.again')}</Button>}
    >
      <span className="selectable" role="alert">
        {message}
      </span>
    </Empty>
  )
}

interface ToolsProps {
  readonly order: Order
  readonly part: PartChoice
  readonly total: number
  /** Name of the class that is shown alone. */
  readonly only: string | null
  onOrder(order: Order): void
  onPart(part: PartChoice): void
  onAll(): void
}

function Tools({ order, part, total, only, onOrder, onPart, onAll }: ToolsProps) {
  const t = useText('data')
  return (
    <div className="data-tools">
      <Segmented
        label={t('part.label')}
        value={part}
        options={(['all', 'train', 'validation'] as const).map((value) => ({
          value,
          label: t(`part.${value}`),
        }))}
        onChange={onPart}
      />
      <Segmented
        label={t('order.label')}
        value={order}
        options={(['feed', 'stored'] as const).map((value) => ({ value, label: t(`order.${value}`) }))}
        onChange={onOrder}
      />
      <span className="grow" />
      {only !== null && (
        <button type="button" className="only" aria-label={t('grid.all', { class: only })} onClick={onAll}>
          <span className="ell">{only}</span>
          <span aria-hidden="true">×</span>
        </button>
      )}
      <span className="t2 sm" role="status">
        {t('grid.total', { count: total, shown: count(total) })}
      </span>
    </div>
  )
}

interface SideProps extends Pick<Props, 'document' | 'onAugment'> {
  readonly input: ReturnType<typeof useInput>
  readonly which: Which | null
  readonly chosen: number | null
}

/** The chosen sample, and what training makes of it. */
function Side({ document, input, which, chosen, onAugment }: SideProps) {
  const t = useText('data')
  const recipe = document.recipe?.augment
  const [draft, setDraft] = useState(() => augmentDraftOf(recipe))
  const read = readAugment(draft, recipe)
  const text = read === null ? null : JSON.stringify(read ?? null)
  const augment = useLast(text)
  const { shown, message } = useDetail(which, chosen, augment, VARIANTS)
  const changed = text !== JSON.stringify(readAugment(augmentDraftOf(recipe), recipe) ?? null)
  return (
    <aside className="data-side scroll" aria-label={t('detail.side')}>
      {message && <p className="data-warning selectable">{message}</p>}
      {shown && <SampleDetail answer={shown} input={input} />}
      <Augmentation
        answer={shown}
        {...{ draft, changed, wrong: read === null }}
        onChange={setDraft}
        onUse={() => read !== null && onAugment(read)}
        onReset={() => setDraft(augmentDraftOf(recipe))}
      />
    </aside>
  )
}

/** The last settings that could be read, the same object as long as they are. */
function useLast(text: string | null): Augment | undefined {
  const last = useRef('null')
  if (text !== null) last.current = text
  const kept = last.current
  return useMemo(() => (JSON.parse(kept) as Augment | null) ?? undefined, [kept])
}
