import { type DragEvent, useEffect } from 'react'
import { putBlockBehind } from '../canvas/putBlock.ts'
import { usePick, useText } from '../i18n/index.ts'
import { IconButton } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { Tooltip } from '../kit/Tooltip.tsx'
import { useStore } from '../state/store.ts'
import { endDrag, startDrag } from './drag.ts'
import { type BlockEntry, clipOfEntry } from './entries.ts'
import { forgetBlock, loadLibrary } from './library.ts'

/** Blocks to be dragged onto the canvas: those of documented models, and those that a person has kept. */
export function Blocks({ entries }: { entries: readonly BlockEntry[] }) {
  const t = useText('palette')
  const tc = useText('canvas')
  const pick = usePick()
  useEffect(() => void loadLibrary(), [])
  if (entries.length === 0) return null
  return (
    <section className="palette-group" data-cat="block" aria-label={tc('category.block')}>
      <h2>
        <span className="swatch" />
        {tc('category.block')}
        <span className="t3 xs palette-count">{entries.length}</span>
      </h2>
      <ul>
        {entries.map(({ id, title, help, kept }) => (
          <li key={id} className={kept === undefined ? undefined : 'palette-own'}>
            <Entry id={id} name={pick(title)} help={help ? pick(help) : t('library.help')} />
            {kept !== undefined && (
              <IconButton
                icon="close"
                size="sm"
                className="palette-forget"
                label={t('library.forget', { name: pick(title) })}
                onClick={() => forgetBlock(kept)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Entry({ id, name, help }: { id: string; name: string; help: string }) {
  const t = useText('palette')
  const start = (event: DragEvent) => startDrag(event.dataTransfer, id)
  const end = () => {
    endDrag()
    useStore.getState().view.drag(null)
  }
  const text = (
    <span className="palette-help">
      {help}
      <span className="t3">{t('howTo')}</span>
    </span>
  )
  return (
    <Tooltip text={text} side="right">
      <button
        type="button"
        className="palette-entry"
        draggable
        onDragStart={start}
        onDragEnd={end}
        onDoubleClick={() => addBlock(id)}
        onClick={(event) => event.detail === 0 && addBlock(id)}
      >
        <span className="cat-ink">
          <Icon name="cat-block" />
        </span>
        <span className="ell">{name}</span>
        <Icon name="grip" size={14} className="palette-grip" />
      </button>
    </Tooltip>
  )
}

/** Adds a block without a pointer: behind what is selected and connected to it, else in the middle of what is seen. */
export function addBlock(id: string): void {
  putBlockBehind((from) => clipOfEntry(id, from))
}
