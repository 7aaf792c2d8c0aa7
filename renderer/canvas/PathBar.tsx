import { memo } from 'react'
import { pathOf } from '../../core/network/blocks.ts'
import { useText } from '../i18n/index.ts'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'
import { enterBlock } from './blocks.ts'

/** The way from the network to the block that is shown; each step leads back there. */
export const PathBar = memo(function PathBar() {
  const t = useText('canvas')
  const document = useStore((s) => s.document.document)
  const scope = useStore((s) => s.view.scope)
  if (scope === null) return null
  const path = pathOf(document, scope)
  return (
    <nav className="canvas-bar upper-left path-bar" aria-label={t('path')}>
      <Icon name="layers" size={14} />
      <button type="button" onClick={() => enterBlock(null)}>
        {document.name}
      </button>
      {path.map((group) => (
        <span key={group.id} className="path-step">
          <Icon name="right" size={12} />
          <button
            type="button"
            aria-current={group.id === scope ? 'location' : undefined}
            onClick={() => enterBlock(group.id)}
          >
            {group.name}
          </button>
        </span>
      ))}
    </nav>
  )
})
