import { commands } from '../../core/commands/index.ts'
import { anatomyOf } from '../../core/drawing/size.ts'
import { blocksOf, membersOf } from '../../core/network/blocks.ts'
import type { Group } from '../../core/network/schema.ts'
import { count, short, shape as writeShape } from '../analysis/format.ts'
import { groupBy } from '../app/groupBy.ts'
import { blockFacts } from '../canvas/blockFacts.ts'
import { enterBlock } from '../canvas/blocks.ts'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { useStore } from '../state/store.ts'
import { Figure } from './Figures.tsx'
import { NameField, PanelHead } from './PanelHead.tsx'
import { ParamRow } from './ParamRow.tsx'
import { pinOf } from './pin.ts'

/** What can be said and changed of a block: its name, its figures, and the parameters that it exposes. */
export function BlockPanel({ group }: { group: Group }) {
  const t = useText('inspector')
  const document = useStore((s) => s.document.document)
  const analysis = useStore((s) => s.document.analysis)
  const facts = blockFacts(
    document,
    analysis,
    groupBy(analysis.issues, (issue) => issue.layer),
    group,
  )
  const members = membersOf(document, group.id)
  const macs = [...members].reduce((sum, id) => sum + (analysis.layers.get(id)?.macs ?? 0), 0)
  return (
    <>
      <PanelHead
        category="block"
        icon="cat-block"
        title={t('block.title')}
        tags={
          <>
            {facts.repeats > 1 && <span className="tag">×{facts.repeats}</span>}
            {group.bypassed && <span className="tag">{t('block.bypassed')}</span>}
          </>
        }
        more={MORE}
      >
        <NameField
          key={group.id}
          label={t('block.name')}
          name={group.name}
          check={(value) => ({ value })}
          rename={(name) => useStore.getState().document.run(commands.renameBlock, { group: group.id, name })}
        />
      </PanelHead>
      <div className="scroll">
        <Exposed group={group} />
        <section>
          <h3 className="cap">{t('block.figures')}</h3>
          <dl className="figures plain">
            <Figure label={t('layers')} value={count(facts.layers)} />
            {facts.blocks > 0 && <Figure label={t('block.blocks')} value={count(facts.blocks)} />}
            <Figure label={t('input')} value={writeShape(facts.inputShape)} />
            <Figure label={t('output')} value={writeShape(facts.outputShape)} />
            <Figure label={t('trainable')} value={count(facts.trainable)} />
            <Figure label={t('macs')} value={short(macs)} />
          </dl>
        </section>
        <section className="block-actions">
          <Button onClick={() => enterBlock(group.id)}>{t('block.enter')}</Button>
          <Button onClick={() => useStore.getState().view.openDialog('repeat')}>{t('block.repeat')}</Button>
        </section>
      </div>
      <p className="inspector-help">{t('block.help')}</p>
    </>
  )
}

const MORE = [
  'enterBlock',
  'collapse',
  'line',
  'repeatBlock',
  'bypass',
  'saveBlock',
  'line',
  'duplicate',
  'dissolveBlocks',
  'remove',
] as const

const ignore = () => undefined

/** Parameters of layers inside that the block exposes, and those that blocks directly inside do. */
function Exposed({ group }: { group: Group }) {
  const t = useText('inspector')
  const document = useStore((s) => s.document.document)
  const issues = useStore((s) => s.document.analysis.issues)
  const { layers, blocksIn } = blocksOf(document)
  const entries = [group, ...(blocksIn.get(group.id) ?? [])].flatMap((each) =>
    (each.exposed ?? []).map((entry) => ({ ...entry, group: each.id })),
  )
  const rows = entries.flatMap((entry) => {
    const layer = layers.get(entry.layer)
    const kind = layer && anatomyOf(layer).kind
    const spec = kind?.params[entry.param]
    return layer && spec ? [{ ...entry, owner: layer, spec }] : []
  })
  if (rows.length === 0) return <p className="t2 sm block-hint">{t('block.nothingExposed')}</p>
  return (
    <section>
      <h3 className="cap">{t('block.exposed')}</h3>
      {rows.map(({ owner, param, spec, group: of }) => (
        <div key={`${owner.id}${param}`} className="exposed">
          <span className="t3 xs ell">{owner.name}</span>
          <ParamRow
            layers={[owner.id]}
            name={param}
            spec={spec}
            values={[owner.params[param] ?? anatomyOf(owner).params[param]]}
            issues={issues.filter((issue) => issue.layer === owner.id && issue.param === param)}
            pin={pinOf(document, of, owner.id, param)}
            onHelp={ignore}
          />
        </div>
      ))}
    </section>
  )
}
