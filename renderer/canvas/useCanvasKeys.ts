import { type KeyboardEvent, useCallback } from 'react'
import { commands } from '../../core/commands/index.ts'
import { actions } from '../app/actions.ts'
import { composing, inField } from '../app/keys.ts'
import { useStore } from '../state/store.ts'

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}
const STEP = 4
const LONG_STEP = 20

/**
 * The canvas by keyboard alone: Tab walks the layers, Space selects the one with the focus (Shift+Space adds it), arrows
 * move what is selected (Shift: further), Enter goes to the inspector, W connects it to another layer. Shift+A adds one
 * (so does Tab after a click into the empty canvas).
 */
export function useCanvasKeys() {
  const onKeyDown = useCallback((event: KeyboardEvent) => {
    // Tab walks the page; only after a click into the empty canvas, where it would lead nowhere, it opens quick-add
    if (event.key === 'Tab' && !event.shiftKey && event.target === event.currentTarget) {
      event.preventDefault()
      actions.quickAdd.run()
      return
    }
    const layer = (event.target as Element).closest<HTMLElement>('.react-flow__node')?.dataset.id
    if (
      !layer ||
      inField(event.target) ||
      composing(event.nativeEvent) ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return
    const direction = DIRECTIONS[event.key]
    if (direction) move(layer, direction, event.shiftKey ? LONG_STEP : STEP)
    else if (event.code === 'Space') pick(layer, event.shiftKey)
    else if (event.key === 'Enter' && !event.shiftKey) toInspector(layer)
    else if (event.code === 'KeyW' && !event.shiftKey) connectFrom(layer)
    else return
    event.preventDefault()
    event.stopPropagation()
  }, [])
  return { onKeyDown }
}

function pick(layer: string, add: boolean) {
  const { view } = useStore.getState()
  if (add) view.toggle(layer)
  else view.select([layer])
}

function ensureSelected(layer: string) {
  const { view } = useStore.getState()
  if (!view.selection.includes(layer)) view.select([layer])
}

function move(layer: string, [x, y]: readonly [number, number], step: number) {
  ensureSelected(layer)
  const { document, view } = useStore.getState()
  const { layers, groups, comments = [] } = document.document
  const positions = Object.fromEntries(
    [...layers, ...groups, ...comments].flatMap(({ id, position }) =>
      position && view.selection.includes(id)
        ? [[id, { x: position.x + x * step, y: position.y + y * step }]]
        : [],
    ),
  )
  document.run(commands.moveLayers, { positions, gesture: 'keys' })
}

function toInspector(layer: string) {
  ensureSelected(layer)
  requestAnimationFrame(() => {
    const field = '.inspector .param :is(input, select, button)'
    const first =
      document.querySelector<HTMLElement>(field) ?? document.querySelector<HTMLElement>('.inspector input')
    first?.focus()
  })
}

function connectFrom(layer: string) {
  useStore.getState().view.select([layer])
  useStore.getState().view.openDialog('connect')
}
