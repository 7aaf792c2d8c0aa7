import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo } from 'react'
import { useText } from '../i18n/index.ts'
import type { GateNode as GateNodeType } from './scene.ts'

/** Where a wire comes into the block that is shown, or leaves it: what it is connected to outside. */
export const GateNode = memo(function GateNode({ data }: NodeProps<GateNodeType>) {
  const t = useText('canvas')
  const { side, names } = data
  const first = names[0] ?? ''
  const text = names.length > 1 ? t('gate.several', { name: first, count: names.length - 1 }) : first
  return (
    <div
      className={`gate ${side}`}
      title={t(side === 'in' ? 'gate.from' : 'gate.to', { name: names.join(', ') })}
    >
      <span className="ell">{text}</span>
      {side === 'in' ? (
        <Handle id="out" type="source" position={Position.Right} className="port" isConnectable={false} />
      ) : (
        <Handle id="in" type="target" position={Position.Left} className="port" isConnectable={false} />
      )}
    </div>
  )
})
