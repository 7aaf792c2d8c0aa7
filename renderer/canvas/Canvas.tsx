import {
  Background,
  BackgroundVariant,
  type EdgeChange,
  type NodeChange,
  ReactFlow,
  type ReactFlowInstance,
  SelectionMode,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import {
  type DragEvent,
  type MouseEvent as ReactMouseEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
} from 'react'
import { shape as writeShape } from '../analysis/format.ts'
import { canvasActions } from '../app/actions.ts'
import { useMenuEntries } from '../app/menus.ts'
import { useText } from '../i18n/index.ts'
import { ContextMenu } from '../kit/Menu.tsx'
import { draggedKind } from '../palette/drag.ts'
import { useStore } from '../state/store.ts'
import './canvas.css'
import { CanvasBars } from './CanvasBars.tsx'
import {
  createDeriver,
  type LayerData,
  type LayerNode as LayerNodeType,
  type WireEdge as WireEdgeType,
} from './derive.ts'
import { EmptyCanvas } from './EmptyCanvas.tsx'
import { LayerNode } from './LayerNode.tsx'
import { Overview } from './Overview.tsx'
import { putLayer } from './putLayer.ts'
import { QuickAddList } from './QuickAddList.tsx'
import { RefusalNote } from './RefusalNote.tsx'
import { PORT_LINE } from './size.ts'
import { stage, wireUnder } from './stage.ts'
import { useCanvasKeys } from './useCanvasKeys.ts'
import { useConnecting } from './useConnecting.ts'
import { useDragging } from './useDragging.ts'
import { WireEdge } from './WireEdge.tsx'

const nodeTypes = { layer: LayerNode }
const edgeTypes = { wire: WireEdge }
/** Above this many layers only those in view are in the page. */
const MANY = 150
const ADD_KEYS = ['Control', 'Meta', 'Shift']

/** The network as a picture that can be changed. Nodes and edges are derived from the document, never the truth. */
export function Canvas() {
  const frame = useRef<HTMLElement>(null)
  const t = useText('canvas')
  const scene = useScene()
  const entries = useMenuEntries(canvasActions)
  const minimap = useStore((s) => s.view.minimap)
  const theme = useStore((s) => s.ui.theme)
  const { onPositions, ...dragging } = useDragging()
  const connecting = useConnecting()
  const keys = useCanvasKeys()
  useFitOnOpen()
  useEffect(() => () => stage.detach(), [])

  const onInit = useCallback((instance: ReactFlowInstance<LayerNodeType, WireEdgeType>) => {
    stage.attach(instance, frame.current!)
    stage.fit(0)
  }, [])
  const onNodesChange = useCallback(
    (changes: NodeChange<LayerNodeType>[]) => {
      selectChanged(changes, 'layer')
      onPositions(changes)
    },
    [onPositions],
  )
  const onEdgesChange = useCallback(
    (changes: EdgeChange<WireEdgeType>[]) => selectChanged(changes, 'wire'),
    [],
  )

  return (
    <ContextMenu entries={entries}>
      <main
        className="canvas"
        aria-label={t('canvas')}
        tabIndex={-1}
        ref={frame}
        onPointerMove={(event) => stage.point({ x: event.clientX, y: event.clientY })}
        onPointerLeave={() => stage.point(null)}
        onDoubleClick={openQuickAdd}
        onContextMenuCapture={selectUnderPointer}
        {...keys}
        {...dropping}
      >
        <ReactFlow
          nodes={scene.nodes}
          edges={scene.edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          colorMode={theme}
          onInit={onInit}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onMove={(_, { zoom }) => useStore.getState().view.setZoom(zoom)}
          onPaneClick={() => useStore.getState().view.refuse(null)}
          {...dragging}
          {...connecting}
          connectionRadius={28}
          reconnectRadius={14}
          minZoom={0.05}
          maxZoom={2}
          deleteKeyCode={null}
          selectionKeyCode="Shift"
          multiSelectionKeyCode={ADD_KEYS}
          selectionMode={SelectionMode.Partial}
          zoomOnDoubleClick={false}
          disableKeyboardA11y
          nodesFocusable
          edgesFocusable={false}
          elevateNodesOnSelect={false}
          nodeDragThreshold={3}
          onlyRenderVisibleElements={scene.nodes.length > MANY}
          proOptions={{ hideAttribution: true }}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.6} />
          {minimap && <Overview />}
        </ReactFlow>
        {scene.nodes.length === 0 && <EmptyCanvas />}
        <CanvasBars />
        <RefusalNote />
        <QuickAddList />
      </main>
    </ContextMenu>
  )
}

function useScene() {
  const document = useStore((s) => s.document.document)
  const analysis = useStore((s) => s.document.analysis)
  const selection = useStore((s) => s.view.selection)
  const selectedWires = useStore((s) => s.view.selectedWires)
  const dragging = useStore((s) => s.view.dragging)
  const dropWire = useStore((s) => s.view.dropWire)
  const derive = useMemo(createDeriver, [])
  const describe = useDescription()
  return useMemo(
    () => derive({ document, analysis, selection, selectedWires, dragging, dropWire, describe }),
    [derive, document, analysis, selection, selectedWires, dragging, dropWire, describe],
  )
}

/** A layer in words: its name, its kind, what comes out of it, and what is wrong with it. */
function useDescription() {
  const t = useText('canvas')
  const language = useStore((s) => s.ui.language)
  return useCallback(
    ({ layer, anatomy, outputShape, issues }: LayerData) => {
      const kind = anatomy.kind?.title[language] ?? layer.kind
      const shape = outputShape ? t('output', { shape: writeShape(outputShape) }) : t('shapeUnknown')
      return [
        t('layerName', { name: layer.name, kind, shape }),
        ...issues.map((i) => i.message[language]),
      ].join('. ')
    },
    [t, language],
  )
}

/** Shows the whole of a document when another one is opened. */
function useFitOnOpen() {
  const opened = useStore((s) => s.document.opened)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number is the event
  useEffect(() => stage.fit(0), [opened])
}

type Selectable = { type: string; id?: string; selected?: boolean }

/** React Flow tells what was picked; the store decides. */
function selectChanged(changes: readonly Selectable[], what: 'layer' | 'wire') {
  const picks = changes.filter((change) => change.type === 'select')
  if (picks.length === 0) return
  const { view } = useStore.getState()
  const now = new Set(what === 'layer' ? view.selection : view.selectedWires)
  for (const { id, selected } of picks) {
    if (selected) now.add(id!)
    else now.delete(id!)
  }
  if (what === 'layer') view.select([...now], view.selectedWires)
  else view.select(view.selection, [...now])
}

const onPane = (event: ReactMouseEvent) => (event.target as Element).classList.contains('react-flow__pane')

function openQuickAdd(event: ReactMouseEvent) {
  if (!onPane(event)) return
  const screen = { x: event.clientX, y: event.clientY }
  useStore.getState().view.openQuickAdd({ screen, canvas: stage.toCanvas(screen) })
}

/** A menu asked for over something that is not selected is about that thing alone. */
function selectUnderPointer(event: ReactMouseEvent) {
  const { view } = useStore.getState()
  const target = event.target as Element
  const layer = target.closest<HTMLElement>('.react-flow__node')?.dataset.id
  const wire = target.closest<SVGElement>('[data-wire]')?.dataset.wire
  if (layer && !view.selection.includes(layer)) view.select([layer])
  else if (wire && !view.selectedWires.includes(wire)) view.select([], [wire])
}

const placeOf = (event: DragEvent) => {
  const at = stage.toCanvas({ x: event.clientX, y: event.clientY })
  return { x: Math.round(at.x - 70), y: Math.round(at.y - PORT_LINE), width: 140, height: 60 }
}

/** Layers dragged in from the palette: onto the canvas, or into a wire. */
const dropping = {
  onDragOver(event: DragEvent) {
    if (!draggedKind(event.dataTransfer)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    useStore.getState().view.drag(null, wireUnder(placeOf(event)))
  },
  onDragLeave() {
    useStore.getState().view.drag(null)
  },
  onDrop(event: DragEvent) {
    const kind = draggedKind(event.dataTransfer)
    if (!kind) return
    event.preventDefault()
    const { x, y, ...size } = placeOf(event)
    const wire = wireUnder({ x, y, ...size })
    useStore.getState().view.drag(null)
    const made = putLayer(kind, { x, y }, wire)
    if (made) requestAnimationFrame(() => stage.focus(made))
  },
}
