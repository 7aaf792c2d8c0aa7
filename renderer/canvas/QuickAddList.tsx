import { memo, useCallback, useEffect, useMemo, useRef } from 'react'
import { commands } from '../../core/commands/index.ts'
import { anatomyOf, PORT_LINE } from '../../core/drawing/size.ts'
import { kindOf } from '../../core/layers/index.ts'
import type { Text } from '../../core/network/text.ts'
import { shape as writeShape } from '../analysis/format.ts'
import { usePick, useText } from '../i18n/index.ts'
import { type Findable, Finder } from '../kit/Finder.tsx'
import { type BlockEntry, blockEntries, clipOfEntry, isBlock } from '../palette/entries.ts'
import { found } from '../palette/search.ts'
import { useStore } from '../state/store.ts'
import type { QuickAdd } from '../state/view.ts'
import { putBlock, putBlockBehind } from './putBlock.ts'
import { homeOf, putBehind } from './putLayer.ts'
import { stage } from './stage.ts'
import { type Suggestion, suggest } from './suggest.ts'

const WIDTH = 300
const HEIGHT = 340

/** The list of layers that opens on the canvas: what is picked is added there, and connected to the wire that led there. */
export const QuickAddList = memo(function QuickAddList() {
  const at = useStore((s) => s.view.quickAdd)
  return at ? <List key={`${at.screen.x},${at.screen.y}`} at={at} /> : null
})

function List({ at }: { at: QuickAdd }) {
  const t = useText('canvas')
  const pick = usePick()
  const box = useRef<HTMLDivElement>(null)
  const network = useStore((s) => s.document.document)
  const keptBlocks = useStore((s) => s.ui.keptBlocks)
  const suggestions = useMemo(() => suggest(network, at), [network, at])
  const close = useCallback(() => useStore.getState().view.openQuickAdd(null), [])
  useOutside(box, close)

  const options = useMemo(
    () => [
      ...suggestions.map((suggestion) =>
        layerOption(suggestion, pick, t(`category.${suggestion.kind.category}`)),
      ),
      ...(leadsInto(at)
        ? []
        : blockEntries(keptBlocks).map((entry) => blockOption(entry, pick, t('category.block')))),
    ],
    [suggestions, keptBlocks, at, pick, t],
  )
  const search = (query: string) =>
    found(query, options, ({ texts }) => texts).sort((a, b) => Number(a.disabled) - Number(b.disabled))
  const add = (id: string) => {
    close()
    let made: string | undefined
    useStore.getState().document.together(() => {
      made = isBlock(id) ? addBlock(id, at) : addLayer(id, at)
    })
    if (made && at.behind && !stage.isSeen(at.canvas)) stage.reveal([made])
    requestAnimationFrame(() => made !== undefined && stage.focus(made))
  }
  const left = Math.max(8, Math.min(at.screen.x + 4, innerWidth - WIDTH - 8))
  const top = Math.max(8, Math.min(at.screen.y - 24, innerHeight - HEIGHT - 8))
  const closeOnEscape = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    close()
    document.querySelector<HTMLElement>('.canvas')?.focus()
  }
  return (
    <div
      ref={box}
      className="pop quick-add"
      role="dialog"
      aria-label={t('quickAdd')}
      style={{ left, top, width: WIDTH }}
      onKeyDown={closeOnEscape}
    >
      <Finder
        label={t('quickAdd')}
        placeholder={t('findLayer')}
        empty={(query) => t('noLayer', { query })}
        search={search}
        onPick={add}
        footer={<QuickAddHelp connected={at.from !== undefined || leadsInto(at)} />}
      />
    </div>
  )
}

/** Whether a wire's end waits for what is added to lead into it; blocks with their own outputs can't be asked to. */
const leadsInto = ({ to, toBlock }: QuickAdd) => to !== undefined || toBlock !== undefined

interface Option extends Findable {
  readonly texts: readonly (Text | string)[]
  readonly disabled: boolean
}
type Pick = ReturnType<typeof usePick>

const layerOption = ({ kind, output, why }: Suggestion, pick: Pick, category: string): Option => ({
  id: kind.kind,
  label: pick(kind.title),
  texts: [kind.title, kind.kind, category],
  icon: kind.kind === 'concat' ? 'concat' : `cat-${kind.category}`,
  category: kind.category,
  detail: why ? pick(why) : output ? `→ ${writeShape(output)}` : undefined,
  disabled: why !== null,
})

const blockOption = ({ id, title }: BlockEntry, pick: Pick, category: string): Option => ({
  id,
  label: pick(title),
  texts: [title, category],
  icon: 'cat-block',
  category: 'block',
  detail: category,
  disabled: false,
})

function addLayer(kind: string, at: QuickAdd): string | undefined {
  const { from, to, toBlock, behind } = at
  const { document } = useStore.getState()
  const known = kindOf(kind)
  if (behind && known) return putBehind(known)
  const made = document.run(commands.addLayer, {
    kind,
    ...homeOf({ x: at.canvas.x, y: at.canvas.y - PORT_LINE }),
    ...(from && { from }),
    ...(to && { to }),
  })[0]
  if (toBlock && made) document.run(commands.connectBlock, { from: made, group: toBlock })
  if (leadsInto(at) && made) shiftLeft(made)
  return made
}

function addBlock(id: string, { canvas, from, behind }: QuickAdd): string | undefined {
  if (behind) return putBlockBehind((layer) => clipOfEntry(id, layer))
  const clip = clipOfEntry(id, from?.layer)
  return clip ? putBlock(clip, canvas, { from: from?.layer ?? null }) : undefined
}

function QuickAddHelp({ connected }: { connected: boolean }) {
  const t = useText('canvas')
  return (
    <>
      <span>
        <kbd>↑</kbd> <kbd>↓</kbd> {t('choose')}
      </span>
      <span>
        <kbd>Enter</kbd> {connected ? t('addAndConnect') : t('add')}
      </span>
    </>
  )
}

/** A layer put before an input stands with its right edge at the pointer, not its left. */
function shiftLeft(id: string) {
  const { document } = useStore.getState()
  const layer = document.document.layers.find((l) => l.id === id)
  if (!layer) return
  const position = { x: layer.position.x - anatomyOf(layer).width, y: layer.position.y }
  document.run(commands.moveLayers, { positions: { [id]: position } })
}

function useOutside(box: React.RefObject<HTMLElement | null>, close: () => void) {
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) close()
    }
    // the click that opened it is still on its way
    const timer = setTimeout(() => window.addEventListener('pointerdown', outside, true))
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pointerdown', outside, true)
    }
  }, [box, close])
}
