import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo } from 'react'
import { HEADER, shortTitle, writeValue } from '../../core/drawing/size.ts'
import { OUTPUT_PORT } from '../../core/network/document.ts'
import { count, shape as writeShape } from '../analysis/format.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import type { IconName } from '../kit/icons.ts'
import { Tooltip } from '../kit/Tooltip.tsx'
import { useStore } from '../state/store.ts'
import { NodeMaps } from '../training/look/NodeMaps.tsx'
import { Badge } from './Badge.tsx'
import type { LayerData, LayerNode as LayerNodeType } from './scene.ts'

/** One layer on the canvas, in the form of its kind and as detailed as the zoom allows. */
export const LayerNode = memo(function LayerNode({ data, selected }: NodeProps<LayerNodeType>) {
  const tier = useStore((s) => s.view.tier)
  const told = useStore((s) => s.run.onCanvas.issues[data.layer.id])
  const { anatomy } = data
  const issues = told ? [...data.issues, ...told] : data.issues
  const worst = issues.some((issue) => issue.severity === 'error') ? 'bad' : issues.length > 0 ? 'warn' : ''
  const form = tier === 'mid' && anatomy.form === 'full' ? 'full folded' : anatomy.form
  return (
    <div
      className={`node ${form} ${tier} ${selected ? 'selected' : ''} ${worst} ${data.bypassed ? 'bypassed' : ''}`}
      data-cat={anatomy.category}
    >
      {tier === 'far' ? <Block data={data} /> : <Face data={data} folded={tier === 'mid'} />}
      {worst && tier !== 'far' && <Badge issues={issues} tone={worst} />}
      {tier !== 'far' && <NodeMaps id={data.layer.id} />}
      {tier === 'far' ? <FarPorts data={data} /> : <Ports data={data} />}
    </div>
  )
})

function Face({ data, folded }: { data: LayerData; folded: boolean }) {
  const { anatomy, layer } = data
  const pick = usePick()
  const t = useText('canvas')
  const title = anatomy.kind ? pick(anatomy.kind.title) : layer.kind
  if (anatomy.form === 'round')
    return (
      <Tooltip text={`${title}: ${layer.name}`}>
        <div className="node-head">
          <Icon name={glyphOf(data)} />
        </div>
      </Tooltip>
    )
  const short = shortTitle(title)
  return (
    <>
      <div
        className="node-head"
        style={{ height: anatomy.form === 'compact' ? undefined : HEADER }}
        title={`${title}: ${layer.name}`}
      >
        <Icon name={glyphOf(data)} size={anatomy.form === 'compact' ? 14 : 16} />
        <span className="node-title">{short}</span>
        {anatomy.form !== 'compact' && <span className="node-name">{layer.name}</span>}
      </div>
      {!folded && anatomy.form === 'unknown' && <p className="node-unknown">{t('unknownKind')}</p>}
      {!folded && anatomy.rows.length > 0 && <Rows data={data} />}
      {!folded && anatomy.counted && (
        <div className="node-foot">
          <span>{t('params')}</span>
          <span>{count(data.trainable)}</span>
        </div>
      )}
    </>
  )
}

function Rows({ data }: { data: LayerData }) {
  const language = useStore((s) => s.ui.language)
  return (
    <dl className="node-rows">
      {data.anatomy.rows.map((row) => (
        <div key={row.name}>
          <dt>{shortTitle(row.label[language])}</dt>
          <dd>{writeValue(row.spec, row.value, language)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** From afar: as tall as the logarithm of the map's side, as wide as the channels allow. */
function Block({ data }: { data: LayerData }) {
  const { anatomy, outputShape } = data
  const side = outputShape && outputShape.length > 1 ? outputShape.at(-1)! : 1
  const channels = outputShape?.[0] ?? 1
  const height = 18 + Math.log2(side + 1) * 12
  const width = Math.min(anatomy.width, 18 + Math.sqrt(channels) * 4)
  return <div className="node-block" style={{ width, height }} />
}

function Ports({ data }: { data: LayerData }) {
  const t = useText('canvas')
  const output = data.outputShape ? writeShape(data.outputShape) : t('shapeUnknown')
  return (
    <>
      {data.inputs.map((port) => (
        <Handle
          key={port.name}
          id={port.name}
          type="target"
          position={Position.Left}
          className="port"
          title={port.variadic ? t('inputMany') : t('input')}
        />
      ))}
      <Handle
        id={OUTPUT_PORT}
        type="source"
        position={Position.Right}
        className="port"
        title={t('output', { shape: output })}
      />
    </>
  )
}

/** Where wires end, from afar: nothing that takes the pointer, and a tenth of the work. React Flow reads the places. */
function FarPorts({ data }: { data: LayerData }) {
  return (
    <>
      {data.inputs.map(({ name }) => (
        <div
          key={name}
          className="react-flow__handle react-flow__handle-left port target"
          data-handleid={name}
          data-handlepos={Position.Left}
        />
      ))}
      <div
        className="react-flow__handle react-flow__handle-right port source"
        data-handleid={OUTPUT_PORT}
        data-handlepos={Position.Right}
      />
    </>
  )
}

function glyphOf({ anatomy }: LayerData): IconName {
  if (anatomy.kind?.kind === 'concat') return 'concat'
  return `cat-${anatomy.category}`
}
