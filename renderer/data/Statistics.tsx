import { count, shape } from '../analysis/format.ts'
import { useText } from '../i18n/index.ts'
import type { Describing } from '../training/useDescription.ts'
import { Reading, ReadingStopped } from './Reading.tsx'

/** Mean and deviation of every channel; while all is being read, of what is read so far. */
export function Statistics({ describing }: { describing: Describing }) {
  const t = useText('data')
  const { description, stop, again } = describing
  const partial =
    description.state === 'reading' || description.state === 'stopped' ? description.reading?.partial : null
  return (
    <section className="data-part" aria-label={t('statistics.title')}>
      <h2 className="cap">{t('statistics.title')}</h2>
      {description.state === 'none' && <Reading reading={null} onStop={stop} />}
      {description.state === 'reading' && <Reading reading={description.reading} onStop={stop} />}
      {description.state === 'stopped' && <ReadingStopped reading={description.reading} onAgain={again} />}
      {description.state === 'bad' && <p className="xs bad-text selectable">{description.message}</p>}
      {description.state === 'ready' && (
        <>
          <Figures {...description.data} />
          <p className="xs t2">{t('statistics.shape', { shape: shape(description.data.shape) })}</p>
        </>
      )}
      {partial && (
        <>
          <Figures {...partial} />
          <p className="xs t2">
            {t('statistics.partial', { count: partial.count, shown: count(partial.count) })}
          </p>
        </>
      )}
    </section>
  )
}

function Figures({ mean, std }: { readonly mean: readonly number[]; readonly std: readonly number[] }) {
  const t = useText('data')
  const name = (channel: number): string =>
    mean.length === 3
      ? t(`statistics.channel.${['red', 'green', 'blue'][channel]}`)
      : mean.length === 1
        ? t('statistics.channel.gray')
        : String(channel + 1)
  return (
    <table className="statistics">
      <thead>
        <tr>
          <th scope="col">{t('statistics.channel.title')}</th>
          <th scope="col">{t('statistics.mean')}</th>
          <th scope="col">{t('statistics.deviation')}</th>
        </tr>
      </thead>
      <tbody>
        {mean.map((value, channel) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a channel is its place
          <tr key={channel}>
            <th scope="row">{name(channel)}</th>
            <td>{value.toFixed(4)}</td>
            <td>{(std[channel] ?? 0).toFixed(4)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
