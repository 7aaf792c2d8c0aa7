import { memo } from 'react'
import { type ActionName, actions } from '../app/actions.ts'
import { keysOf } from '../app/keymap.ts'
import { useText } from '../i18n/index.ts'
import { IconButton } from '../kit/Button.tsx'
import { useStore } from '../state/store.ts'
import { stage } from './stage.ts'

/** The buttons that lie over the canvas: zoom at the lower left, finding and arranging at the upper right. */
export const CanvasBars = memo(function CanvasBars() {
  const t = useText('canvas')
  const minimap = useStore((s) => s.view.minimap)
  const setMinimap = useStore((s) => s.view.setMinimap)
  useStore((s) => s.ui.keymap)
  const key = (name: ActionName) => keysOf(name) ?? ''
  const empty = useStore((s) => s.document.document.layers.length === 0)
  return (
    <>
      <div className="canvas-bar lower-left" role="toolbar" aria-label={t('zoom')}>
        <IconButton
          icon="minus"
          size="sm"
          side="top"
          label={t('zoomOut')}
          keys={key('zoomOut')}
          onClick={stage.zoomOut}
        />
        <Zoom />
        <IconButton
          icon="plus"
          size="sm"
          side="top"
          label={t('zoomIn')}
          keys={key('zoomIn')}
          onClick={stage.zoomIn}
        />
        <IconButton
          icon="fit"
          size="sm"
          side="top"
          label={t('fit')}
          keys="Home"
          onClick={() => stage.fit()}
        />
        <IconButton
          icon="map"
          size="sm"
          side="top"
          label={t('minimap')}
          pressed={minimap}
          onClick={() => setMinimap(!minimap)}
        />
      </div>
      {!empty && (
        <div className="canvas-bar upper-right" role="toolbar" aria-label={t('tools')}>
          <IconButton
            icon="search"
            size="sm"
            label={t('find')}
            keys={key('find')}
            onClick={actions.find.run}
          />
          <IconButton
            icon="arrange"
            size="sm"
            label={t('arrange')}
            keys={key('arrange')}
            onClick={actions.arrange.run}
          />
        </div>
      )}
    </>
  )
})

function Zoom() {
  const t = useText('canvas')
  const zoom = useStore((s) => s.view.zoom)
  return (
    <button
      type="button"
      className="zoom-figure"
      aria-label={`${t('zoomReset')}, ${Math.round(zoom * 100)}%`}
      title={t('zoomReset')}
      onClick={() => stage.zoomTo(1)}
    >
      {Math.round(zoom * 100)}%
    </button>
  )
}
