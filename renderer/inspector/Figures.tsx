import type { Analysis } from '../../core/analysis/report.ts'
import { anatomyOf } from '../../core/drawing/size.ts'
import { axisOf, ruleOf, type WindowParams } from '../../core/layers/window.ts'
import type { Layer } from '../../core/network/schema.ts'
import { bytes, count, percent, shape as writeShape } from '../analysis/format.ts'
import { useText } from '../i18n/index.ts'
import { useStore } from '../state/store.ts'

/** The numbers of one layer, and its share of the network's. */
export function Figures({ layer }: { layer: Layer }) {
  const t = useText('inspector')
  const analysis = useStore((s) => s.document.analysis)
  const report = analysis.layers.get(layer.id)
  if (!report) return null
  const { totals, input } = analysis
  const share = (part: number, whole: number) => (whole > 0 && part > 0 ? percent(part / whole) : '')
  return (
    <section>
      <h3 className="cap">{t('thisLayer')}</h3>
      <dl className="figures">
        <Figure label={t('output')} value={writeShape(report.outputShape)} share="" />
        <Figure
          label={t('trainable')}
          value={count(report.trainable)}
          share={share(report.trainable, totals.trainable)}
        />
        {report.nonTrainable > 0 && (
          <Figure
            label={t('nonTrainable')}
            value={count(report.nonTrainable)}
            share={share(report.nonTrainable, totals.nonTrainable)}
          />
        )}
        <Figure label={t('macs')} value={count(report.macs)} share={share(report.macs, totals.macs)} />
        <Figure
          label={t('connections')}
          value={count(report.connections)}
          share={share(report.connections, totals.connections)}
        />
        <Figure
          label={t('activations')}
          value={bytes(report.activationBytes)}
          share={share(report.activationBytes, totals.activationBytes)}
        />
        <Figure
          label={t('receptiveField')}
          value={report.receptiveField ? writeShape(report.receptiveField) : t('everything')}
          share={report.receptiveField && input ? `/ ${input.at(-1)}` : ''}
        />
      </dl>
      <Formula layer={layer} analysis={analysis} />
    </section>
  )
}

export function Figure({ label, value, share }: { label: string; value: string; share?: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="selectable">{value}</dd>
      {share !== undefined && <dd className="share">{share}</dd>}
    </div>
  )
}

/** How the height of the output comes about, in numbers: ⌊(32 + 0 − 5) / 1⌋ + 1 = 28. */
function Formula({ layer, analysis }: { layer: Layer; analysis: Analysis }) {
  const t = useText('inspector')
  const { params } = anatomyOf(layer)
  const report = analysis.layers.get(layer.id)
  const from = analysis.layers.get(report?.inputs[0] ?? '')?.outputShape
  if (!('kernel' in params && 'stride' in params) || !report?.outputShape || from?.length !== 3) return null
  const rule = ruleOf(params as unknown as WindowParams, 0)
  const { before, after, extent, output } = axisOf(from[1]!, rule)
  return (
    <p className="formula mono" title={t('formula')}>
      ⌊({from[1]} + {before + after} − {extent}) / {rule.stride}⌋ + 1 = {output}
    </p>
  )
}
