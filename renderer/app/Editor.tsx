import { ReactFlowProvider } from '@xyflow/react'
import { useEffect } from 'react'
import { Canvas } from '../canvas/Canvas.tsx'
import { Inspector } from '../inspector/Inspector.tsx'
import { Palette } from '../palette/Palette.tsx'
import { useStore } from '../state/store.ts'
import { actionNames, actionOf } from './actions.ts'
import { pasteLayers } from './clipboard.ts'
import { Drawer } from './Drawer.tsx'
import './editor.css'
import { EditorBar } from './EditorBar.tsx'
import { EditorDialogs } from './EditorDialogs.tsx'
import { inField, inOverlay, listenForKeys } from './keys.ts'
import { StatusBar } from './StatusBar.tsx'

/** The screen where a network is drawn. */
export function Editor() {
  const drawerOpen = useStore((s) => s.view.drawerOpen)
  useEditorKeys()
  usePaste()
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

/** Every action's keys, as long as the editor is shown. */
function useEditorKeys() {
  useEffect(() => {
    const bindings = actionNames.flatMap((name) => {
      const { keys, otherKeys = [], inFields = false, native, enabled, run } = actionOf(name)
      if (keys === undefined || native) return []
      const act = () => {
        if (!(enabled?.(useStore.getState()) ?? true)) return false
        run()
        return true
      }
      return [keys, ...otherKeys].map((each) => ({ keys: each, inFields, run: act }))
    })
    return listenForKeys(window, bindings)
  }, [])
}

/** Ctrl+V by the browser's own event, which brings what another window copied; Shift keeps the input wires. */
function usePaste() {
  useEffect(() => {
    let shift = false
    const onKey = (event: KeyboardEvent) => {
      shift = event.shiftKey
    }
    const onPaste = (event: ClipboardEvent) => {
      if (inField(event.target) || inOverlay(event.target)) return
      if (pasteLayers(shift, event.clipboardData?.getData('text/plain'))) event.preventDefault()
    }
    window.addEventListener('keydown', onKey, true)
    window.addEventListener('paste', onPaste)
    return () => {
      window.removeEventListener('keydown', onKey, true)
      window.removeEventListener('paste', onPaste)
    }
  }, [])
}
