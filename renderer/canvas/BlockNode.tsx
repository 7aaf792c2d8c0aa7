import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo } from 'react'
import { OUTPUT_PORT } from '../../core/network/document.ts'
import { count, shape as writeShape } from '../analysis/format.ts'
import { useText } from '../i18n/index.ts'
import { IconButton } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'
import { NodeMaps } from '../training/look/NodeMaps.tsx'
import { Badge } from './Badge.tsx'
import type { BlockFacts } from './blockFacts.ts'
import { toggleOpen } from './blocks.ts'
import type { BlockNode as BlockNodeType, FrameNode as FrameNodeType } from './scene.ts'

const worstOf = (issues: BlockFacts['issues']) =>
  issues.some((issue) => issue.severity === 'error') ? 'bad' : issues.length > 0 ? 'warn' : ''

/** A closed block: its name, how often what is in it repeats, a bar for each layer, and what it holds. */
export const BlockNode = memo(function BlockNode({ data, selected }: NodeProps<BlockNodeType>) {
  const tier = useStore((s) => s.view.tier)
  const t = useText('canvas')
  const { facts, bypassed } = data
  const told = useStore((s) => s.run.onCanvas.issues[facts.group.id])
  const issues = told ? [...facts.issues, ...told] : facts.issues
  const worst = worstOf(issues)
  return (
    <div
      className={`node block ${tier} ${selected ? 'selected' : ''} ${worst} ${bypassed ? 'bypassed' : ''}`}
      data-cat="block"
    >
      <div className="node-head" title={facts.group.name}>
        <Icon name="cat-block" />
        <span className="block-name ell">{facts.group.name}</span>
        {facts.repeats > 1 && (
          <span className="block-times" title={t('block.repeats', { count: facts.repeats })}>
            ×{facts.repeats}
          </span>
        )}
        {tier !== 'far' && (
          <IconButton
            icon="down"
            size="sm"
            className="nodrag block-open"
            tabIndex={-1}
            label={t('block.open')}
            onClick={() => toggleOpen([facts.group.id])}
          />
        )}
      </div>
      <Strip facts={facts} />
      <div className="node-foot">
        <span>{t('block.layers', { count: facts.layers, figure: count(facts.layers) })}</span>
        <span>{count(facts.trainable)}</span>
      </div>
      {worst && tier !== 'far' && <Badge issues={issues} tone={worst} />}
      {tier !== 'far' && <NodeMaps id={facts.group.id} />}
      <Handle id="in" type="target" position={Position.Left} className="port" title={t('input')} />
      <Handle
        id={OUTPUT_PORT}
        type="source"
        position={Position.Right}
        className="port"
        title={t('output', { shape: facts.outputShape ? writeShape(facts.outputShape) : t('shapeUnknown') })}
      />
    </div>
  )
})

/** One bar a layer, in order; those with weights stand taller. */
function Strip({ facts: { strip, layers } }: { facts: BlockFacts }) {
  const more = layers > strip.length
  return (
    <div className="block-strip" aria-hidden="true">
      {strip.map(({ id, category }) => (
        <i key={id} data-cat={category} />
      ))}
      {more && <span className="t3">…</span>}
    </div>
  )
}

/** A block opened in place: a frame around what is in it. */
export const FrameNode = memo(function FrameNode({ id, data }: NodeProps<FrameNodeType>) {
  const t = useText('canvas')
  const selected = useStore((s) => s.view.selection.includes(id))
  const { facts, bypassed } = data
  const choose = (event: React.MouseEvent) => {
    const { view } = useStore.getState()
    if (event.shiftKey || event.ctrlKey || event.metaKey) view.toggle(id)
    else view.select([id])
  }
  return (
    <div className={`frame ${selected ? 'selected' : ''} ${bypassed ? 'bypassed' : ''}`} data-cat="block">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Space on the node does the same */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the node around it has the role */}
      <div className="frame-head" onClick={choose}>
        <Icon name="cat-block" />
        <span className="ell">{facts.group.name}</span>
        {facts.repeats > 1 && <span className="block-times">×{facts.repeats}</span>}
        <span className="t2 ell">
          {t('block.layers', { count: facts.layers, figure: count(facts.layers) })} · {count(facts.trainable)}{' '}
          {t('params')}
        </span>
        <span className="grow" />
        <IconButton
          icon="up"
          size="sm"
          className="nodrag"
          tabIndex={-1}
          label={t('block.close')}
          onClick={() => toggleOpen([id])}
        />
      </div>
    </div>
  )
})
