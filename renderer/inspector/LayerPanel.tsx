import { useState } from 'react'
import { commands, MAX_LAYER_NAME } from '../../core/commands/index.ts'
import { anatomyOf } from '../../core/drawing/size.ts'
import type { Layer } from '../../core/network/schema.ts'
import { IssueExtras } from '../analysis/IssueExtras.tsx'
import { usePick, useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'
import { Figures } from './Figures.tsx'
import { NameField, PanelHead } from './PanelHead.tsx'
import { ParamRow } from './ParamRow.tsx'
import { checkName } from './parse.ts'
import { pinOf } from './pin.ts'

/** What can be said and changed of one layer, or of several of one kind at once. */
export function LayerPanel({ layers }: { layers: readonly [Layer, ...Layer[]] }) {
  const t = useText('inspector')
  const pick = usePick()
  const [helpFor, setHelpFor] = useState<string | null>(null)
  const [first] = layers
  const { kind, category } = anatomyOf(first)
  const help = helpFor === null ? undefined : kind?.params[helpFor]?.help
  return (
    <>
      <PanelHead
        category={category}
        icon={kind?.kind === 'concat' ? 'concat' : `cat-${category}`}
        title={kind ? pick(kind.title) : first.kind}
        tags={layers.length > 1 && <span className="tag">{t('count', { count: layers.length })}</span>}
        more={MORE}
      >
        {layers.length === 1 && <LayerName key={first.id} layer={first} />}
      </PanelHead>
      <div className="scroll">
        <Problems layers={layers} />
        <Params layers={layers} onHelp={setHelpFor} />
        {layers.length === 1 && kind && <Figures layer={first} />}
        {kind?.paper && (
          <section className="paper">
            <Icon name="file" />
            <p className="selectable">
              {kind.paper.citation}{' '}
              {kind.paper.url && (
                <a href={kind.paper.url} target="_blank" rel="noreferrer">
                  {t('openPaper')}
                </a>
              )}
            </p>
          </section>
        )}
      </div>
      <p className="inspector-help">{help ? pick(help) : kind ? pick(kind.summary) : t('unknownKind')}</p>
    </>
  )
}

const MORE = [
  'duplicate',
  'connect',
  'line',
  'selectUpstream',
  'selectDownstream',
  'line',
  'bypass',
  'collapse',
  'line',
  'removeReconnect',
  'remove',
] as const

function LayerName({ layer }: { layer: Layer }) {
  const t = useText('inspector')
  const layers = useStore((s) => s.document.document.layers)
  const taken = new Set(layers.filter((other) => other.id !== layer.id).map((other) => other.name))
  return (
    <NameField
      label={t('name')}
      name={layer.name}
      check={(draft) => checkName(draft, taken, MAX_LAYER_NAME)}
      rename={(name) => useStore.getState().document.run(commands.renameLayer, { layer: layer.id, name })}
    />
  )
}

/** Problems of the layer as a whole; those of a parameter stand at its field. */
function Problems({ layers }: { layers: readonly Layer[] }) {
  const pick = usePick()
  const issues = useStore((s) => s.document.analysis.issues)
  const ids = new Set(layers.map((layer) => layer.id))
  const known = anatomyOf(layers[0]!).kind?.params ?? {}
  const mine = issues.filter(
    (i) => i.layer && ids.has(i.layer) && (i.param === undefined || !(i.param in known)),
  )
  return mine.map((issue) => (
    <div
      key={`${issue.layer}${issue.code}${issue.message.en}`}
      className={`callout ${issue.severity}`}
      role="note"
    >
      <Icon name={issue.severity === 'error' ? 'error' : issue.severity === 'warning' ? 'warn' : 'info'} />
      <p>
        {pick(issue.message)}
        {issue.fix && <span className="t2"> {pick(issue.fix)}</span>}
        <IssueExtras issue={issue} />
      </p>
    </div>
  ))
}

function Params({ layers, onHelp }: { layers: readonly [Layer, ...Layer[]]; onHelp(name: string): void }) {
  const t = useText('inspector')
  const issues = useStore((s) => s.document.analysis.issues)
  const document = useStore((s) => s.document.document)
  const anatomies = layers.map(anatomyOf)
  const kind = anatomies[0]!.kind
  if (!kind || Object.keys(kind.params).length === 0) return null
  const ids = layers.map((layer) => layer.id)
  const used = (name: string) =>
    name !== 'pads' || anatomies.some(({ params }) => params.padding === 'explicit')
  return (
    <section>
      <h3 className="cap">{t('parameters')}</h3>
      {Object.entries(kind.params)
        .filter(([name]) => used(name))
        .map(([name, spec]) => (
          <ParamRow
            key={`${ids.join()}${name}`}
            layers={ids}
            name={name}
            spec={spec}
            values={layers.map((layer, i) => layer.params[name] ?? anatomies[i]!.params[name])}
            issues={issues.filter((issue) => issue.param === name && ids.includes(issue.layer ?? ''))}
            pin={layers.length === 1 ? pinOf(document, layers[0].group, layers[0].id, name) : undefined}
            onHelp={onHelp}
          />
        ))}
    </section>
  )
}
