import { type DragEvent, useEffect } from 'react'
import type { Clip } from '../../core/commands/index.ts'
import { placementNow } from '../canvas/blocks.ts'
import { exitOf } from '../canvas/ends.ts'
import { putBlock } from '../canvas/putBlock.ts'
import { stage } from '../canvas/stage.ts'
import { usePick, useText } from '../i18n/index.ts'
import { IconButton } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { Tooltip } from '../kit/Tooltip.tsx'
import { useStore } from '../state/store.ts'
import { builtIn, builtInClip } from './builtIn.ts'
import { endDrag, startDrag } from './drag.ts'
import { forgetBlock, loadLibrary } from './library.ts'
import { finds } from './search.ts'

/** Blocks to be dragged onto the canvas: those of documented models, and those that a person has kept. */
export function Blocks({ query }: { query: string }) {
  const t = useText('palette')
  const tc = useText('canvas')
  const pick = usePick()
  const own = useStore(({ ui: { library } }) => library)
  useEffect(() => void loadLibrary(), [])
  const parts = builtIn.filter(({ title }) => finds(query, title, tc('category.block')))
  const kept = own.filter(({ name }) => finds(query, name, t('library.own')))
  if (parts.length + kept.length === 0) return null
  return (
    <section className="palette-group" data-cat="block" aria-label={tc('category.block')}>
      <h2>
        <span className="swatch" />
        {tc('category.block')}
        <span className="t3 xs palette-count">{parts.length + kept.length}</span>
      </h2>
      <ul>
        {parts.map(({ id, title, help }) => (
          <li key={id}>
            <Entry id={`block:${id}`} name={pick(title)} help={pick(help)} />
          </li>
        ))}
        {kept.map(({ id, name }) => (
          <li key={id} className="palette-own">
            <Entry id={`own:${id}`} name={name} help={t('library.help')} />
            <IconButton
              icon="close"
              size="sm"
              className="palette-forget"
              label={t('library.forget', { name })}
              onClick={() => forgetBlock(id)}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The block that a palette entry's id stands for; null where it is gone. */
export function clipOfEntry(id: string): Clip | null {
  if (id.startsWith('block:')) return builtInClip(id.slice(6))
  const { library } = useStore.getState().ui
  return library.find((block) => `own:${block.id}` === id)?.clip ?? null
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
        onDoubleClick={() => addBehind(id)}
        onClick={(event) => event.detail === 0 && addBehind(id)}
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
function addBehind(id: string): void {
  const clip = clipOfEntry(id)
  if (!clip) return
  const { document, view } = useStore.getState()
  const last = placementNow().items.get(view.selection.at(-1) ?? '')
  const at = last ? { x: last.box.x + last.box.width + 72, y: last.box.y } : stage.toCanvas(stage.pointer())
  putBlock(clip, at, { from: last ? exitOf(document.document, last.id) : null })
}
