import type { Connection, Edge, FinalConnectionState, IsValidConnection } from '@xyflow/react'
import { useCallback, useRef } from 'react'
import { canConnect, type Refusal } from '../../core/analysis/connect.ts'
import { commands } from '../../core/commands/index.ts'
import type { Wire } from '../../core/network/schema.ts'
import { useText } from '../i18n/index.ts'
import { useStore } from '../state/store.ts'
import type { Point } from '../state/view.ts'
import type { WireEdge } from './derive.ts'
import { anatomyOf } from './size.ts'
import { stage } from './stage.ts'

type Ends = Pick<Connection, 'source' | 'sourceHandle' | 'target' | 'targetHandle'>

/** Why a wire may not be drawn, or null; a port that has its one wire is no reason, since the new one replaces it. */
export function refusalOf(ends: Ends): Refusal | null {
  const { document } = useStore.getState().document
  const refusal = canConnect(document, ends.source, { layer: ends.target, port: ends.targetHandle ?? '' })
  return refusal?.code === 'port-full' || refusal?.code === 'connected' ? null : refusal
}

const endsOf = (c: Ends) => ({
  from: { layer: c.source, port: c.sourceHandle ?? 'out' },
  to: { layer: c.target, port: c.targetHandle ?? 'in' },
})

const pointOf = (event: MouseEvent | TouchEvent): Point => {
  const at = 'changedTouches' in event ? event.changedTouches[0] : event
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 }
}

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
    (ends) =>
      refusalOf({
        ...ends,
        sourceHandle: ends.sourceHandle ?? null,
        targetHandle: ends.targetHandle ?? null,
      }) === null,
    [],
  )

  const onConnect = useCallback((ends: Connection) => {
    useStore.getState().document.run(commands.connect, endsOf(ends))
  }, [])

  const onConnectStart = useCallback(() => useStore.getState().view.refuse(null), [])

  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      if (state.isValid || !state.fromNode || !state.fromHandle) return
      const screen = pointOf(event)
      const backwards = state.fromHandle.type === 'target'
      const end = { layer: state.fromNode.id, port: state.fromHandle.id ?? '' }
      const over = state.toNode?.id ?? layerAt(screen)
      if (over === end.layer && !state.toHandle) return
      const pulled = backwards ? wireInto(end) : undefined
      if (pulled && (!over || state.toHandle?.type === 'target')) {
        const ends = over !== null && {
          source: pulled.from.layer,
          sourceHandle: pulled.from.port,
          target: over,
          targetHandle: state.toHandle?.id ?? '',
        }
        moveOrRemove(pulled.id, ends || null, (refusal) => refuse(refusal, screen))
        return
      }
      if (!over) {
        const canvas = stage.toCanvas(screen)
        useStore
          .getState()
          .view.openQuickAdd(backwards ? { screen, canvas, to: end } : { screen, canvas, from: end })
        return
      }
      const ends = backwards
        ? { source: over, sourceHandle: 'out', target: end.layer, targetHandle: end.port }
        : {
            source: end.layer,
            sourceHandle: end.port,
            target: over,
            targetHandle: state.toHandle?.id ?? inputOf(over),
          }
      const refusal = refusalOf(ends)
      if (refusal) refuse(refusal, screen)
      else useStore.getState().document.run(commands.connect, endsOf(ends))
    },
    [refuse],
  )

  const onReconnectStart = useCallback(() => {
    moved.current = false
  }, [])
  const onReconnect = useCallback((edge: Edge, ends: Connection) => {
    moved.current = true
    useStore.getState().document.run(commands.reconnect, { wire: edge.id, ...endsOf(ends) })
  }, [])
  const onReconnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, edge: Edge, _side: unknown, state: FinalConnectionState) => {
      if (moved.current || state.isValid) return
      const screen = pointOf(event)
      const over = state.toNode?.id ?? layerAt(screen)
      if (!over) useStore.getState().document.run(commands.disconnect, { wires: [edge.id] })
      else if (over !== edge.target && over !== edge.source) {
        const refusal = refusalOf({
          source: edge.source,
          sourceHandle: 'out',
          target: over,
          targetHandle: inputOf(over),
        })
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

/** The wire of an input that takes one: drawing away from such an input takes its wire along. */
function wireInto({ layer, port }: Wire['to']): Wire | undefined {
  const { document } = useStore.getState().document
  const wires = document.wires.filter((wire) => wire.to.layer === layer && wire.to.port === port)
  return wires.length === 1 ? wires[0] : undefined
}

/** Leads a wire to other ends, or takes it away where there are none. */
function moveOrRemove(wire: string, ends: Ends | null, refuse: (refusal: Refusal) => void): void {
  const { document } = useStore.getState()
  const refusal = ends && refusalOf(ends)
  if (refusal) refuse(refusal)
  else if (ends) document.run(commands.reconnect, { wire, ...endsOf(ends) })
  else document.run(commands.disconnect, { wires: [wire] })
}

const layerAt = ({ x, y }: Point): string | null =>
  document.elementFromPoint(x, y)?.closest<HTMLElement>('.react-flow__node')?.dataset.id ?? null

/** The first input of a layer, for a wire that is let go on its body. */
function inputOf(id: string): string {
  const layer = useStore.getState().document.document.layers.find((l) => l.id === id)
  return layer ? (anatomyOf(layer).kind?.inputs[0]?.name ?? '') : ''
}
