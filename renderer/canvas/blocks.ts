import i18next from 'i18next'
import { commands } from '../../core/commands/index.ts'
import { boundsOf, type Placement, placementOf, placesWithout } from '../../core/drawing/placement.ts'
import { BLOCK } from '../../core/drawing/size.ts'
import { COLUMN_GAP } from '../../core/drawing/spacing.ts'
import { blocksOf, scopeOf } from '../../core/network/blocks.ts'
import { useStore } from '../state/store.ts'
import { stage } from './stage.ts'

/** What menus, keys and the canvas do to blocks. */

/** What is seen of the open document now. */
export function placementNow(): Placement {
  const { document, view } = useStore.getState()
  return placementOf(document.document, view.scope, view.opened)
}

/** The selected blocks. */
export const selectedBlocks = (): readonly string[] => {
  const { document, view } = useStore.getState()
  const { groups } = blocksOf(document.document)
  return view.selection.filter((id) => groups.has(id))
}

/** Shows the inside of a block; null shows the whole network. */
export function enterBlock(group: string | null): void {
  const { view } = useStore.getState()
  view.select([])
  view.enter(group)
  fitSoon()
}

/** Shows what lies around the block that is shown, with that block selected. */
export function leaveBlock(): void {
  const { document, view } = useStore.getState()
  const { scope } = view
  if (scope === null) return
  view.enter(scopeOf(document.document, scope))
  view.select([scope])
  fitSoon()
}

/** Opens blocks in place, or closes those that are open. */
export function toggleOpen(groups: readonly string[]): void {
  const { view } = useStore.getState()
  const open = new Set(view.opened)
  const close = groups.every((id) => open.has(id))
  for (const id of groups) {
    if (close) open.delete(id)
    else open.add(id)
  }
  view.setOpened([...open])
}

export function openAll(): void {
  const { document, view } = useStore.getState()
  view.setOpened(document.document.groups.map((group) => group.id))
  fitSoon()
}

export function closeAll(): void {
  useStore.getState().view.setOpened([])
  fitSoon()
}

/** Brings layers into view, going into the block that hides them where one does. */
export function reveal(ids: readonly string[]): void {
  const { document, view } = useStore.getState()
  const { items } = placementNow()
  const hidden = ids.find((id) => !items.has(id))
  if (hidden !== undefined) view.enter(scopeOf(document.document, hidden))
  stage.reveal(ids)
}

const fitSoon = () => requestAnimationFrame(() => stage.fit())

/** Makes a block of what is selected, and closes the gap that it leaves. */
export function makeBlock(): void {
  const { document, view } = useStore.getState()
  const placement = placementNow()
  const chosen = view.selection.flatMap((id) => placement.items.get(id) ?? [])
  const scope = chosen[0]?.scope
  const inside = chosen.filter((item) => item.scope === scope)
  if (inside.length === 0) return
  const stored = (item: (typeof inside)[number]) => ({
    ...item.box,
    x: item.box.x - item.offset.x,
    y: item.box.y - item.offset.y,
  })
  const bounds = boundsOf(inside.map(stored))
  const ids = new Set(inside.map(({ id }) => id))
  const others: Record<string, { x: number; y: number }> = {}
  for (const item of placement.items.values()) {
    if (item.scope !== scope || ids.has(item.id)) continue
    const { x, y, height } = stored(item)
    const sameRow = y < bounds.y + bounds.height && bounds.y < y + height
    if (sameRow && x >= bounds.x + bounds.width) others[item.id] = { x: x - bounds.width + BLOCK.width, y }
  }
  document.run(commands.makeBlock, {
    ids: [...ids],
    name: freshBlockName(),
    position: { x: bounds.x, y: bounds.y },
    others,
  })
}

function freshBlockName(): string {
  const taken = new Set(useStore.getState().document.document.groups.map((group) => group.name))
  for (let n = 1; ; n++) {
    const name = i18next.t('block.name', { ns: 'canvas', n })
    if (!taken.has(name)) return name
  }
}

/** Takes the selected blocks apart. */
export function dissolveBlocks(): void {
  for (const group of selectedBlocks()) {
    const { document } = useStore.getState()
    document.run(commands.dissolveBlocks, {
      groups: [group],
      positions: placesWithout(document.document, group),
    })
  }
}

/** Repeats a block so that it stands so many times in a row. */
export function repeatBlock(group: string, times: number): void {
  useStore
    .getState()
    .document.run(commands.repeatBlock, { group, times, step: { x: BLOCK.width + COLUMN_GAP, y: 0 } })
}

/** Bypasses what is selected, or takes it in again where all of it is bypassed. */
export function toggleBypass(): void {
  const { document, view } = useStore.getState()
  const { layers, groups } = blocksOf(document.document)
  const items = view.selection.flatMap((id) => layers.get(id) ?? groups.get(id) ?? [])
  const bypassed = !items.every((item) => item.bypassed)
  document.run(commands.setBypassed, { ids: items.map((item) => item.id), bypassed })
}

/** Draws the selected layers as bars, or whole again; opens and closes the selected blocks. */
export function toggleCollapse(): void {
  const { document, view } = useStore.getState()
  const { layers } = blocksOf(document.document)
  const chosen = view.selection.flatMap((id) => layers.get(id) ?? [])
  const blocks = selectedBlocks()
  if (blocks.length > 0) toggleOpen(blocks)
  if (chosen.length === 0) return
  const collapsed = !chosen.every((layer) => layer.collapsed)
  document.run(commands.setCollapsed, { layers: chosen.map((layer) => layer.id), collapsed })
}

const AROUND = 24
const HEAD = 30

/** Puts a comment around what is selected, or an empty one where the pointer is. */
export function addComment(): void {
  const { document, view } = useStore.getState()
  const placement = placementNow()
  const chosen = view.selection.flatMap((id) => placement.items.get(id) ?? [])
  const frame = chosen[0]?.scope ?? view.scope
  const inside = chosen.filter((item) => item.scope === frame)
  const offset = inside[0]?.offset ?? { x: 0, y: 0 }
  const bounds = inside.length > 0 ? boundsOf(inside.map(({ box }) => box)) : null
  const pointer = stage.toCanvas(stage.pointer())
  const box = bounds
    ? {
        position: {
          x: Math.round(bounds.x - AROUND - offset.x),
          y: Math.round(bounds.y - AROUND - HEAD - offset.y),
        },
        width: bounds.width + 2 * AROUND,
        height: bounds.height + 2 * AROUND + HEAD,
      }
    : { position: { x: Math.round(pointer.x), y: Math.round(pointer.y) }, width: 240, height: 120 }
  const made = document.run(commands.addComment, {
    text: '',
    ...box,
    ...(frame !== null && { group: frame }),
  })
  requestAnimationFrame(() => made[0] && stage.editComment(made[0]))
}
