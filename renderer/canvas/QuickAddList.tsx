import { memo, useCallback, useEffect, useMemo, useRef } from 'react'
import { commands } from '../../core/commands/index.ts'
import { anatomyOf, PORT_LINE } from '../../core/drawing/size.ts'
import { shape as writeShape } from '../analysis/format.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Finder } from '../kit/Finder.tsx'
import { finds } from '../palette/search.ts'
import { useStore } from '../state/store.ts'
import type { QuickAdd } from '../state/view.ts'
import { homeOf } from './putLayer.ts'
import { stage } from './stage.ts'
import { suggest } from './suggest.ts'

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
  const suggestions = useMemo(() => suggest(network, at), [network, at])
  const close = useCallback(() => useStore.getState().view.openQuickAdd(null), [])
  useOutside(box, close)

  const search = (query: string) =>
    suggestions
      .filter(({ kind }) => finds(query, kind.title, kind.kind, t(`category.${kind.category}`)))
      .map(({ kind, output, why }) => ({
        id: kind.kind,
        label: pick(kind.title),
        icon: kind.kind === 'concat' ? ('concat' as const) : (`cat-${kind.category}` as const),
        category: kind.category,
        detail: why ? pick(why) : output ? `→ ${writeShape(output)}` : undefined,
        disabled: why !== null,
      }))
  const add = (kind: string) => {
    close()
    const { from, to, toBlock } = at
    const { document } = useStore.getState()
    const made = document.run(commands.addLayer, {
      kind,
      ...homeOf({ x: at.canvas.x, y: at.canvas.y - PORT_LINE }),
      ...(from && { from }),
      ...(to && { to }),
    })
    if (toBlock && made[0]) document.run(commands.connectBlock, { from: made[0], group: toBlock })
    if ((to || toBlock) && made[0]) shiftLeft(made[0])
    requestAnimationFrame(() => made[0] && stage.focus(made[0]))
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
        footer={
          <QuickAddHelp
            connected={at.from !== undefined || at.to !== undefined || at.toBlock !== undefined}
          />
        }
      />
    </div>
  )
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
