import { ReactFlowProvider } from '@xyflow/react'
import { useEffect } from 'react'
import { Canvas } from '../canvas/Canvas.tsx'
import { Inspector } from '../inspector/Inspector.tsx'
import { Palette } from '../palette/Palette.tsx'
import { useStore } from '../state/store.ts'
import { copyLayers, cutLayers, pasteLayers } from './clipboard.ts'
import { Drawer } from './Drawer.tsx'
import './editor.css'
import { EditorBar } from './EditorBar.tsx'
import { EditorDialogs } from './EditorDialogs.tsx'
import { inField, inOverlay } from './keys.ts'
import { StatusBar } from './StatusBar.tsx'

/** The screen where a network is drawn. */
export function Editor() {
  const drawerOpen = useStore((s) => s.view.drawerOpen)
  useClipboard()
  return (
    <div className={drawerOpen ? 'editor' : 'editor drawer-closed'}>
      <EditorBar />
      <Palette />
      <ReactFlowProvider>
        <Canvas />
      </ReactFlowProvider>
      <Inspector />
      <Drawer />
      <StatusBar />
      <EditorDialogs />
    </div>
  )
}

const elsewhere = (event: ClipboardEvent) => inField(event.target) || inOverlay(event.target)
const textIsSelected = () => window.getSelection()?.isCollapsed === false

/**
 * Copying, cutting and pasting by the browser's own events: they come from keys and from the system's menu alike, and
 * bring what another window copied. Shift with the paste keeps the input wires.
 */
function useClipboard() {
  useEffect(() => {
    let shift = false
    const onKey = (event: KeyboardEvent) => {
      shift = event.shiftKey
    }
    const onCopy = (event: ClipboardEvent) => {
      if (elsewhere(event) || textIsSelected()) return
      const take = event.type === 'cut' ? cutLayers : copyLayers
      if (take(event.clipboardData)) event.preventDefault()
    }
    const onPaste = (event: ClipboardEvent) => {
      if (elsewhere(event)) return
      if (pasteLayers(shift, event.clipboardData?.getData('text/plain'))) event.preventDefault()
    }
    window.addEventListener('keydown', onKey, true)
    window.addEventListener('copy', onCopy)
    window.addEventListener('cut', onCopy)
    window.addEventListener('paste', onPaste)
    return () => {
      window.removeEventListener('keydown', onKey, true)
      window.removeEventListener('copy', onCopy)
      window.removeEventListener('cut', onCopy)
      window.removeEventListener('paste', onPaste)
    }
  }, [])
}
