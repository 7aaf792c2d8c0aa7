import { useState } from 'react'
import { count, percent } from '../../analysis/format.ts'
import { useText } from '../../i18n/index.ts'
import { type ClassFigures, classFigures, type ReviewResult } from './figures.ts'

const columns = ['label', 'precision', 'recall', 'support'] as const
type Column = (typeof columns)[number]

/** Rows that are drawn; a thousand classes are looked at by their worst. */
const MOST_ROWS = 100

/** Precision and recall of every class; a click on a column's name sorts by it, lowest first, then the other way. */
export function ClassTable({ result }: { result: ReviewResult }) {
  const t = useText('review')
  const [[column, down], setOrder] = useState<[Column, boolean]>(['label', false])
  const value = (row: ClassFigures) => row[column] ?? -1
  const rows = classFigures(result.confusion).sort((a, b) =>
    down ? value(b) - value(a) : value(a) - value(b),
  )
  const share = (part: number | null) => (part === null ? '–' : percent(part))
  return (
    <section className="review-part" aria-label={t('classes')}>
      <h2>{t('classes')}</h2>
      <table className="class-table">
        <thead>
          <tr>
            {columns.map((name) => (
              <th
                key={name}
                scope="col"
                aria-sort={column !== name ? 'none' : down ? 'descending' : 'ascending'}
              >
                <button type="button" onClick={() => setOrder([name, column === name && !down])}>
                  {t(`column.${name}`)}
                  <span aria-hidden="true">{column === name ? (down ? ' ↓' : ' ↑') : ''}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map(({ label, precision, recall, support }) => (
            <tr key={label}>
              <th scope="row" className="ell">
                {result.classes[label] ?? label}
              </th>
              <td>{share(precision)}</td>
              <td>{share(recall)}</td>
              <td>{count(support)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
