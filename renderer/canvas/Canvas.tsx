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
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { shape as writeShape } from '../analysis/format.ts'
import { canvasActions } from '../app/actions.ts'
import { useMenuEntries } from '../app/menus.ts'
import { useText } from '../i18n/index.ts'
import { ContextMenu } from '../kit/Menu.tsx'
import { draggedKind } from '../palette/drag.ts'
import { clipOfEntry, isBlock } from '../palette/entries.ts'
import { useStore } from '../state/store.ts'
import { RunOnCanvas } from '../training/RunOnCanvas.tsx'
import './canvas.css'
import './layer.css'
import './ports.css'
import './badge.css'
import './wires.css'
import './bars.css'
import './blocks.css'
import { placementOf } from '../../core/drawing/placement.ts'
import { PORT_LINE } from '../../core/drawing/size.ts'
import { BlockNode, FrameNode } from './BlockNode.tsx'
import { enterBlock } from './blocks.ts'
import { CanvasBars } from './CanvasBars.tsx'
import { CommentNode } from './CommentNode.tsx'
import { createDeriver } from './derive.ts'
import { EmptyCanvas } from './EmptyCanvas.tsx'
import { FarWires, MANY_WIRES } from './FarWires.tsx'
import { GateNode } from './GateNode.tsx'
import { LayerNode } from './LayerNode.tsx'
import { useLiveRoutes } from './liveRoutes.ts'
import { Overview } from './Overview.tsx'
import { PathBar } from './PathBar.tsx'
import { putBlock } from './putBlock.ts'
import { putLayer } from './putLayer.ts'
import { QuickAddList } from './QuickAddList.tsx'
import { RefusalNote } from './RefusalNote.tsx'
import type { BlockData, LayerData, SceneNode, WireEdge as WireEdgeType } from './scene.ts'
import { LEAST_ZOOM, stage, wireUnder } from './stage.ts'
import { useCanvasKeys } from './useCanvasKeys.ts'
import { useConnecting } from './useConnecting.ts'
import { useDragging } from './useDragging.ts'
import { WireEdge } from './WireEdge.tsx'

const nodeTypes = {
  layer: LayerNode,
  block: BlockNode,
  frame: FrameNode,
  comment: CommentNode,
  gate: GateNode,
}
const edgeTypes = { wire: WireEdge }
/** Above this many layers only those in view are in the page. */
const MANY = 150
const NO_NODES: SceneNode[] = []
const NO_EDGES: WireEdgeType[] = []
const ADD_KEYS = ['Control', 'Meta', 'Shift']

/** The network as a picture that can be changed. Nodes and edges are derived from the document, never the truth. */
export function Canvas() {
  const frame = useRef<HTMLElement>(null)
  const t = useText('canvas')
  const scene = useScene()
  const far = useStore((s) => s.view.bird) && scene.edges.length > MANY_WIRES
  const entries = useMenuEntries(canvasActions)
  const minimap = useStore((s) => s.view.minimap)
  const theme = useStore((s) => s.ui.theme)
  // until the view is known everything would be drawn as if it were seen from near
  const [ready, setReady] = useState(false)
  const { onPositions, ...dragging } = useDragging()
  const connecting = useConnecting()
  const keys = useCanvasKeys()
  useFitOnOpen()
  useEffect(() => () => stage.detach(), [])

  const onInit = useCallback((instance: ReactFlowInstance<SceneNode, WireEdgeType>) => {
    stage.attach(instance, frame.current!)
    stage.fit(0)
    setReady(true)
  }, [])
  const onNodesChange = useCallback(
    (changes: NodeChange<SceneNode>[]) => {
      selectChanged(changes, 'layer')
      onPositions(changes)
    },
    [onPositions],
  )
  const onEdgesChange = useCallback(
    (changes: EdgeChange<WireEdgeType>[]) => selectChanged(bundled(changes, scene.edges), 'wire'),
    [scene.edges],
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
        onDoubleClick={onDoubleClick}
        onContextMenuCapture={selectUnderPointer}
        {...keys}
        {...dropping}
      >
        <ReactFlow
          nodes={ready ? scene.nodes : NO_NODES}
          edges={ready && !far ? scene.edges : NO_EDGES}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          colorMode={theme}
          onInit={onInit}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onMove={(_, { zoom }) => useStore.getState().view.setZoom(zoom)}
          onNodeClick={selectAlone}
          onPaneClick={() => useStore.getState().view.refuse(null)}
          {...dragging}
          {...connecting}
          connectionRadius={28}
          reconnectRadius={14}
          minZoom={LEAST_ZOOM}
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
          {far && <FarWires edges={scene.edges} />}
          {minimap && <Overview />}
        </ReactFlow>
        {scene.nodes.length === 0 && <EmptyCanvas />}
        <PathBar />
        <CanvasBars />
        <RefusalNote />
        <RunOnCanvas />
        <QuickAddList />
      </main>
    </ContextMenu>
  )
}

function useScene() {
  const document = useStore((s) => s.document.document)
  const scope = useStore((s) => s.view.scope)
  const opened = useStore((s) => s.view.opened)
  const analysis = useStore((s) => s.document.analysis)
  const selection = useStore((s) => s.view.selection)
  const selectedWires = useStore((s) => s.view.selectedWires)
  const dragging = useStore((s) => s.view.dragging)
  const dropWire = useStore((s) => s.view.dropWire)
  const derive = useMemo(createDeriver, [])
  const describe = useDescription()
  const scene = useMemo(() => {
    const placement = placementOf(document, scope, opened)
    return derive({ placement, analysis, selection, selectedWires, dragging, dropWire, describe })
  }, [derive, document, scope, opened, analysis, selection, selectedWires, dragging, dropWire, describe])
  useLayoutEffect(() => useLiveRoutes.setState({ routes: scene.live }), [scene.live])
  return scene
}

/** A layer or block in words: its name, its kind, what comes out of it, and what is wrong with it. */
function useDescription() {
  const t = useText('canvas')
  const language = useStore((s) => s.ui.language)
  return useCallback(
    (data: LayerData | BlockData) => {
      const about = 'layer' in data ? data : data.facts
      const { outputShape, issues } = about
      const shape = outputShape ? t('output', { shape: writeShape(outputShape) }) : t('shapeUnknown')
      const name =
        'layer' in data
          ? t('layerName', {
              name: data.layer.name,
              kind: data.anatomy.kind?.title[language] ?? data.layer.kind,
              shape,
            })
          : t('block.described', { name: data.facts.group.name, count: data.facts.layers, shape })
      return [
        name,
        ...(data.bypassed ? [t('bypassed')] : []),
        ...issues.slice(0, 3).map((i) => i.message[language]),
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

/** A click on one of several selected things leaves it alone selected. */
function selectAlone({ ctrlKey, metaKey, shiftKey }: ReactMouseEvent, { id, selectable }: SceneNode) {
  const { view } = useStore.getState()
  if (selectable === false || ctrlKey || metaKey || shiftKey) return
  if (view.selection.length > 1 && view.selection.includes(id)) view.select([id])
}

/** What is picked of lines that stand for several wires is picked of each. */
function bundled(changes: readonly Selectable[], edges: readonly WireEdgeType[]): readonly Selectable[] {
  const wires = new Map(edges.map((edge) => [edge.id, edge.data!.wires]))
  return changes.flatMap((change) =>
    change.id === undefined ? change : (wires.get(change.id) ?? [change.id]).map((id) => ({ ...change, id })),
  )
}

const onPane = (event: ReactMouseEvent) => (event.target as Element).classList.contains('react-flow__pane')

/** Into a block, or, on the empty canvas, a layer to add. */
function onDoubleClick(event: ReactMouseEvent) {
  const block = (event.target as Element).closest<HTMLElement>(
    '.react-flow__node-block, .react-flow__node-frame',
  )
  if (block?.dataset.id && !(event.target as Element).closest('button')) return enterBlock(block.dataset.id)
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

/** The layer that a wire comes from. */
const sourceOf = (wire: string | null) =>
  useStore.getState().document.document.wires.find(({ id }) => id === wire)?.from.layer

/** Layers and blocks dragged in from the palette: onto the canvas, or into a wire. */
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
    const clip = isBlock(kind) ? clipOfEntry(kind, sourceOf(wire)) : null
    const made = clip ? putBlock(clip, { x, y }, { wire }) : putLayer(kind, { x, y }, wire)
    if (made) requestAnimationFrame(() => stage.focus(made))
  },
}
