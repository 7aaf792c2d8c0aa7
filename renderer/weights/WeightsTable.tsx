import { useRef } from 'react'
import { shape } from '../analysis/format.ts'
import { useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import type { IconName } from '../kit/icons.ts'
import { RowGap, useRowsInView } from '../kit/Rows.tsx'
import type { Row, RowState } from './match.ts'

/** Height of a row in pixels: the token `--row-h`. */
const ROW = 26

const ICONS: Readonly<Record<RowState, IconName>> = {
  matched: 'check',
  misfit: 'error',
  missing: 'plus',
  extra: 'minus',
}

/** Which tensor of the file goes to which weight of the network; only the rows in view stand in the page. */
export function WeightsTable({ rows }: { rows: readonly Row[] }) {
  const t = useText('weights')
  const frame = useRef<HTMLElement>(null)
  const { shown, above, below } = useRowsInView({ frame, height: ROW, fixed: 1 }, rows.length)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls and holds nothing to focus takes the focus itself (WCAG 2.1.1); there is no role for that
    <section className="weights-table" ref={frame} tabIndex={0} aria-label={t('table')}>
      <table aria-label={t('table')} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th scope="col">{t('column.state')}</th>
            <th scope="col">{t('column.ours')}</th>
            <th scope="col">{t('column.shape')}</th>
            <th scope="col">{t('column.theirs')}</th>
            <th scope="col">{t('column.shape')}</th>
          </tr>
        </thead>
        <tbody>
          <RowGap height={above} />
          {shown.map((index) => (
            <Line key={index} row={rows[index]!} place={index + 2} />
          ))}
          <RowGap height={below} />
        </tbody>
      </table>
      {rows.length === 0 && <p className="t3 sm weights-none">{t('none')}</p>}
    </section>
  )
}

function Line({ row: { state, ours, theirs, wanted }, place }: { row: Row; place: number }) {
  const t = useText('weights')
  const absent = wanted === null ? t('nowhere') : t('wanted', { name: wanted })
  return (
    <tr aria-rowindex={place} data-state={state}>
      <td>
        <span className="weights-state">
          <Icon name={ICONS[state]} size={12} />
          {t(`state.${state}`)}
        </span>
      </td>
      <td className="mono" title={ours?.name}>
        {ours?.name ?? <span className="t3">{t('unused')}</span>}
      </td>
      <td className="t2">{ours && shape(ours.shape)}</td>
      <td className="mono" title={theirs?.name ?? absent}>
        {theirs?.name ?? <span className="t3">{absent}</span>}
      </td>
      <td className="t2">{theirs && shape(theirs.shape)}</td>
    </tr>
  )
}
