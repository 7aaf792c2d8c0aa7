import { type DragEvent, useRef, useState } from 'react'
import { type AnyKind, kinds } from '../../core/layers/index.ts'
import type { Category } from '../../core/layers/kind.ts'
import { useKeys } from '../app/keymap.ts'
import { putBehind } from '../canvas/putLayer.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Empty } from '../kit/Empty.tsx'
import { SearchField } from '../kit/Field.tsx'
import { Icon } from '../kit/Icon.tsx'
import { Keys } from '../kit/Keys.tsx'
import { Tooltip } from '../kit/Tooltip.tsx'
import { useStore } from '../state/store.ts'
import { addBlock, Blocks } from './Blocks.tsx'
import { endDrag, startDrag } from './drag.ts'
import './palette.css'
import { blockEntries } from './entries.ts'
import { found } from './search.ts'

const ORDER: readonly Category[] = [
  'input',
  'conv',
  'pool',
  'norm',
  'activation',
  'dense',
  'merge',
  'regularization',
  'output',
  'block',
]

/** Every kind of layer, by category, to be dragged onto the canvas. */
export function Palette() {
  const t = useText('palette')
  const tc = useText('canvas')
  const keys = useKeys('quickAdd')
  const [query, setQuery] = useState('')
  const matches = found(query, kinds, (kind) => [kind.title, kind.kind, tc(`category.${kind.category}`)])
  const keptBlocks = useStore((s) => s.ui.keptBlocks)
  const blocks = found(query, blockEntries(keptBlocks), ({ title, kept }) => [
    title,
    kept === undefined ? tc('category.block') : t('library.own'),
  ])
  const addFirst = () => {
    if (matches[0]) putBehind(matches[0])
    else if (blocks[0]) addBlock(blocks[0].id)
  }
  return (
    <aside className="panel palette" aria-label={t('palette')}>
      <div className="palette-top">
        <SearchField
          label={t('find')}
          value={query}
          unit={keys && <Keys keys={keys} />}
          onChange={setQuery}
          onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && addFirst()}
        />
      </div>
      <div className="scroll palette-list">
        <Blocks entries={blocks} />
        {ORDER.map((category) => (
          <Group
            key={category}
            category={category}
            kinds={matches.filter((kind) => kind.category === category)}
          />
        ))}
        {matches.length + blocks.length === 0 && (
          <Empty icon="search" title={t('none', { query })}>
            {t('noneText')}
          </Empty>
        )}
      </div>
    </aside>
  )
}

function Group({ category, kinds: list }: { category: Category; kinds: readonly AnyKind[] }) {
  const t = useText('canvas')
  if (list.length === 0) return null
  return (
    <section className="palette-group" data-cat={category} aria-label={t(`category.${category}`)}>
      <h2>
        <span className="swatch" />
        {t(`category.${category}`)}
        <span className="t3 xs palette-count">{list.length}</span>
      </h2>
      <ul>
        {list.map((kind) => (
          <li key={kind.kind}>
            <Entry kind={kind} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Entry({ kind }: { kind: AnyKind }) {
  const pick = usePick()
  const ghost = useRef<HTMLElement | null>(null)
  const start = (event: DragEvent<HTMLButtonElement>) => {
    startDrag(event.dataTransfer, kind.kind)
    ghost.current = makeGhost(kind, pick(kind.title))
    event.dataTransfer.setDragImage(ghost.current, 70, 13)
  }
  const end = () => {
    ghost.current?.remove()
    endDrag()
    useStore.getState().view.drag(null)
  }
  return (
    <Tooltip text={<EntryHelp kind={kind} />} side="right">
      <button
        type="button"
        className="palette-entry"
        draggable
        onDragStart={start}
        onDragEnd={end}
        onDoubleClick={() => putBehind(kind)}
        onClick={(event) => event.detail === 0 && putBehind(kind)}
      >
        <span className="cat-ink">
          <Icon name={kind.kind === 'concat' ? 'concat' : `cat-${kind.category}`} />
        </span>
        <span className="ell">{pick(kind.title)}</span>
        <Icon name="grip" size={14} className="palette-grip" />
      </button>
    </Tooltip>
  )
}

function EntryHelp({ kind }: { kind: AnyKind }) {
  const t = useText('palette')
  const pick = usePick()
  return (
    <span className="palette-help">
      {pick(kind.summary)}
      <span className="t3">{t('howTo')}</span>
    </span>
  )
}

/** The picture under the pointer while a layer is dragged. */
function makeGhost(kind: AnyKind, title: string): HTMLElement {
  const ghost = document.createElement('div')
  ghost.className = 'drag-ghost'
  ghost.dataset.cat = kind.category
  ghost.textContent = title
  document.body.append(ghost)
  return ghost
}
