import { MiniMap, type ReactFlowState, useStore as useFlowStore } from '@xyflow/react'
import { memo } from 'react'
import { useText } from '../i18n/index.ts'
import type { SceneNode } from './scene.ts'

/** The whole network in small, as long as part of it is out of view: it would only cover what can be seen anyway. */
export const Overview = memo(function Overview() {
  const t = useText('canvas')
  const needed = useFlowStore(partIsHidden)
  if (!needed) return null
  return <MiniMap pannable zoomable ariaLabel={t('minimap')} nodeClassName={classOf} nodeBorderRadius={6} />
})

const classOf = (node: SceneNode) => {
  if (node.type === 'layer') return `mini-${node.data.anatomy.category}`
  return node.type === 'block' ? 'mini-block' : 'mini-frame'
}

function partIsHidden({ nodes, transform: [x, y, zoom], width, height }: ReactFlowState): boolean {
  return nodes.some((node) => {
    const left = node.position.x * zoom + x
    const top = node.position.y * zoom + y
    const right = left + (node.width ?? 0) * zoom
    const bottom = top + (node.height ?? 0) * zoom
    return left < 0 || top < 0 || right > width || bottom > height
  })
}
