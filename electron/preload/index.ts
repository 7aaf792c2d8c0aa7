import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { channels } from '../../core/protocol/channels.ts'
import type { ElectronBridge } from '../../core/protocol/wire.ts'

type Listener = (event: string, payload: unknown) => void
const listeners = new Set<Listener>()
const early: [string, unknown][] = []

ipcRenderer.on(channels.event, (_, event: string, payload: unknown) => {
  if (listeners.size === 0) early.push([event, payload])
  for (const listener of listeners) listener(event, payload)
})
ipcRenderer.on(channels.port, ({ ports }, runId: string) => {
  window.postMessage({ layerloom: 'port', runId }, location.origin, [...ports])
})

const bridge: ElectronBridge = {
  call: (method, request) => ipcRenderer.invoke(channels.call, method, request),
  on: (listener) => {
    listeners.add(listener)
    for (const [event, payload] of early.splice(0)) listener(event, payload)
    return () => void listeners.delete(listener)
  },
  watch: (runId, from) => ipcRenderer.send(channels.watch, runId, from),
  pathOf: (file) => webUtils.getPathForFile(file as File),
}
contextBridge.exposeInMainWorld('layerloom', bridge)
