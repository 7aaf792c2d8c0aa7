import { type NodeProps, NodeResizeControl } from '@xyflow/react'
import { memo, useState } from 'react'
import { commands } from '../../core/commands/index.ts'
import { useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'
import type { CommentNode as CommentNodeType } from './scene.ts'

/** A remark around a part of the drawing: its line of text is a field, its lower right corner sizes it. */
export const CommentNode = memo(function CommentNode({ id, data }: NodeProps<CommentNodeType>) {
  const t = useText('canvas')
  const selected = useStore((s) => s.view.selection.includes(id))
  const [size, setSize] = useState<{ width: number; height: number } | null>(null)
  const edit = (change: { text?: string; width?: number; height?: number }) =>
    useStore.getState().document.run(commands.editComment, { comment: id, ...change })
  return (
    <div className={selected ? 'comment selected' : 'comment'} style={size ?? undefined}>
      <div className="comment-head" onPointerDown={() => useStore.getState().view.select([id])}>
        <Icon name="comment" size={14} />
        <input
          key={data.comment.text}
          className="nodrag"
          aria-label={t('comment.text')}
          placeholder={t('comment.placeholder')}
          defaultValue={data.comment.text}
          maxLength={2000}
          onBlur={(event) => edit({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return
            if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
          }}
        />
      </div>
      <NodeResizeControl
        className="comment-corner"
        minWidth={120}
        minHeight={60}
        onResize={(_, { width, height }) => setSize({ width, height })}
        onResizeEnd={(_, { width, height }) => {
          setSize(null)
          edit({ width: Math.round(width), height: Math.round(height) })
        }}
      />
    </div>
  )
})
