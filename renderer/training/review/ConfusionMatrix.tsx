import { useRef, useState } from 'react'
import { count, percent } from '../../analysis/format.ts'
import { useText } from '../../i18n/index.ts'
import { type Cell, confusedPairs, type ReviewResult } from './figures.ts'

interface Props {
  readonly result: ReviewResult
  readonly chosen: Omit<Cell, 'count'> | null
  onChoose(cell: Omit<Cell, 'count'> | null): void
}

/** Classes up to which a matrix can be read; beyond, the most confused pairs are listed. */
const MOST_CLASSES = 24
const MOST_PAIRS = 40

export function ConfusionMatrix(props: Props) {
  const t = useText('review')
  const large = props.result.classes.length > MOST_CLASSES
  return (
    <section className="review-part" aria-label={t(large ? 'pairs' : 'matrix')}>
      <h2>{t(large ? 'pairs' : 'matrix')}</h2>
      <p className="review-note">{t(large ? 'pairsText' : 'matrixText')}</p>
      {large ? <Pairs {...props} /> : <Matrix {...props} />}
    </section>
  )
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

function Matrix({ result, chosen, onChoose }: Props) {
  const t = useText('review')
  const { classes, confusion } = result
  const most = largestMistake(confusion)
  const grid = useRef<HTMLTableElement>(null)
  const [at, setAt] = useState<readonly [number, number]>([0, 0])
  const move = (event: React.KeyboardEvent) => {
    const step = STEPS[event.key]
    if (!step) return
    event.preventDefault()
    const clamp = (value: number) => Math.min(classes.length - 1, Math.max(0, value))
    const next = [clamp(at[0] + step[0]), clamp(at[1] + step[1])] as const
    setAt(next)
    grid.current?.querySelector<HTMLElement>(`[data-cell="${next.join()}"]`)?.focus()
  }
  return (
    <div className="matrix-frame scroll">
      <table ref={grid} className="matrix" onKeyDown={move} aria-label={t('matrixKeys')}>
        <thead>
          <tr>
            <td />
            {classes.map((name) => (
              <th key={name} scope="col">
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {confusion.map((row, label) => {
            const total = row.reduce((sum, value) => sum + value, 0)
            return (
              <tr key={classes[label]}>
                <th scope="row" className="ell">
                  {classes[label]}
                </th>
                {row.map((value, predicted) => (
                  <td key={classes[predicted]}>
                    <button
                      type="button"
                      className="matrix-cell"
                      data-cell={`${label},${predicted}`}
                      data-hit={label === predicted || undefined}
                      tabIndex={at[0] === label && at[1] === predicted ? 0 : -1}
                      aria-pressed={chosen?.label === label && chosen.predicted === predicted}
                      aria-label={t('cell', {
                        count: value,
                        label: classes[label],
                        predicted: classes[predicted],
                      })}
                      style={{ '--share': value === 0 ? 0 : value / total / most } as React.CSSProperties}
                      onFocus={() => setAt([label, predicted])}
                      onClick={() => onChoose({ label, predicted })}
                    >
                      {value === 0 ? '' : count(value)}
                    </button>
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** The largest share of a class that is taken for one other: the cells are coloured by it, since most mistakes are few. */
const largestMistake = (confusion: ReviewResult['confusion']): number =>
  confusion.reduce((most, row, label) => {
    const total = row.reduce((sum, value) => sum + value, 0)
    return row.reduce((more, value, other) => (other === label ? more : Math.max(more, value / total)), most)
  }, Number.MIN_VALUE)

function Pairs({ result, chosen, onChoose }: Props) {
  const t = useText('review')
  const { classes, confusion } = result
  const pairs = confusedPairs(confusion, MOST_PAIRS)
  if (pairs.length === 0) return <p>{t('noMistakes')}</p>
  return (
    <ol className="pairs">
      {pairs.map(({ label, predicted, count: times }) => (
        <li key={`${label} ${predicted}`}>
          <button
            type="button"
            className="pair"
            aria-pressed={chosen?.label === label && chosen.predicted === predicted}
            onClick={() => onChoose({ label, predicted })}
          >
            <span className="ell">
              {t('takenFor', { label: classes[label], predicted: classes[predicted] })}
            </span>
            <span>
              {count(times)} · {percent(times / confusion[label]!.reduce((sum, value) => sum + value, 0))}
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}
