import type { Connection, Edge, FinalConnectionState, IsValidConnection } from '@xyflow/react'
import { useCallback, useRef } from 'react'
import type { Refusal } from '../../core/analysis/connect.ts'
import { commands } from '../../core/commands/index.ts'
import { blocksOf } from '../../core/network/blocks.ts'
import type { Wire } from '../../core/network/schema.ts'
import { useText } from '../i18n/index.ts'
import { useStore } from '../state/store.ts'
import type { Point } from '../state/view.ts'
import { connectEnds, type Ends, exitOf, firstInput, refusalOf } from './ends.ts'
import type { WireEdge } from './scene.ts'
import { stage } from './stage.ts'

const endsOf = (c: Pick<Connection, 'source' | 'target' | 'targetHandle'>): Ends => ({
  source: c.source,
  target: c.target,
  ...(c.targetHandle && { port: c.targetHandle }),
})

const pointOf = (event: MouseEvent | TouchEvent): Point => {
  const at = 'changedTouches' in event ? event.changedTouches[0] : event
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 }
}
const network = () => useStore.getState().document.document

/** Drawing wires: to a port, to a layer's body, to empty canvas (which asks for a layer), and away from a port. */
export function useConnecting() {
  const t = useText('canvas')
  const moved = useRef(false)

  const refuse = useCallback(
    (refusal: Refusal, screen: Point) => {
      const { view, ui } = useStore.getState()
      view.refuse({ screen, title: t('refused'), detail: refusal.message[ui.language] })
    },
    [t],
  )
  const isValidConnection: IsValidConnection<WireEdge> = useCallback(
    ({ source, target, targetHandle }) =>
      refusalOf(endsOf({ source, target, targetHandle: targetHandle ?? null })) === null,
    [],
  )
  const onConnect = useCallback((ends: Connection) => connectEnds(endsOf(ends)), [])
  const onConnectStart = useCallback(() => useStore.getState().view.refuse(null), [])

  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      if (state.isValid || !state.fromNode || !state.fromHandle) return
      const screen = pointOf(event)
      const backwards = state.fromHandle.type === 'target'
      const end = { layer: state.fromNode.id, port: state.fromHandle.id ?? '' }
      const over = state.toNode?.id ?? itemAt(screen)
      if (over === end.layer && !state.toHandle) return
      const pulled = backwards ? wireInto(end) : undefined
      if (pulled && (!over || state.toHandle?.type === 'target')) {
        moveOrRemove(pulled, over, state.toHandle?.id ?? undefined, (refusal) => refuse(refusal, screen))
        return
      }
      if (!over) {
        openQuickAdd(screen, end, backwards)
        return
      }
      const port = backwards ? end.port : (state.toHandle?.id ?? undefined)
      const ends: Ends = {
        source: backwards ? over : end.layer,
        target: backwards ? end.layer : over,
        ...(port && { port }),
      }
      const refusal = refusalOf(ends)
      if (refusal) refuse(refusal, screen)
      else connectEnds(ends)
    },
    [refuse],
  )

  const onReconnectStart = useCallback(() => {
    moved.current = false
  }, [])
  const onReconnect = useCallback((edge: Edge, ends: Connection) => {
    moved.current = true
    lead(edge.id, endsOf(ends))
  }, [])
  const onReconnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, edge: Edge, _side: unknown, state: FinalConnectionState) => {
      if (moved.current || state.isValid) return
      const screen = pointOf(event)
      const over = state.toNode?.id ?? itemAt(screen)
      if (!over) useStore.getState().document.run(commands.disconnect, { wires: [edge.id] })
      else if (over !== edge.target && over !== edge.source) {
        const refusal = refusalOf({ source: edge.source, target: over })
        if (refusal) refuse(refusal, screen)
      }
    },
    [refuse],
  )

  return {
    isValidConnection,
    onConnect,
    onConnectStart,
    onConnectEnd,
    onReconnectStart,
    onReconnect,
    onReconnectEnd,
  }
}

/** Asks for the layer that an open end leads to. */
function openQuickAdd(screen: Point, end: Wire['from'], backwards: boolean): void {
  const { view } = useStore.getState()
  const at = { screen, canvas: stage.toCanvas(screen) }
  const isLayer = blocksOf(network()).layers.has(end.layer)
  if (backwards) view.openQuickAdd(isLayer ? { ...at, to: end } : { ...at, toBlock: end.layer })
  else {
    const from = exitOf(network(), end.layer)
    view.openQuickAdd(from === null ? at : { ...at, from: { layer: from, port: 'out' } })
  }
}

/** The wire of an input that takes one: drawing away from such an input takes its wire along. */
function wireInto({ layer, port }: Wire['to']): Wire | undefined {
  const wires = network().wires.filter((wire) => wire.to.layer === layer && wire.to.port === port)
  return wires.length === 1 ? wires[0] : undefined
}

/** Leads a wire to other ends; to a block, as a new one in its place. */
function lead(wire: string, ends: Ends): void {
  const { document } = useStore.getState()
  const from = exitOf(document.document, ends.source)
  if (from === null) return
  if (blocksOf(document.document).layers.has(ends.target)) {
    const to = { layer: ends.target, port: ends.port ?? firstInput(document.document, ends.target) }
    document.run(commands.reconnect, { wire, from: { layer: from, port: 'out' }, to })
    return
  }
  document.run(commands.disconnect, { wires: [wire] })
  connectEnds(ends)
}

/** Leads a wire to another input, or takes it away where there is none. */
function moveOrRemove(
  wire: Wire,
  over: string | null,
  port: string | undefined,
  refuse: (refusal: Refusal) => void,
): void {
  if (over === null) {
    useStore.getState().document.run(commands.disconnect, { wires: [wire.id] })
    return
  }
  const ends: Ends = { source: wire.from.layer, target: over, ...(port && { port }) }
  const refusal = refusalOf(ends)
  if (refusal) refuse(refusal)
  else lead(wire.id, ends)
}

const itemAt = ({ x, y }: Point): string | null =>
  document.elementFromPoint(x, y)?.closest<HTMLElement>('.react-flow__node-layer, .react-flow__node-block')
    ?.dataset.id ?? null
