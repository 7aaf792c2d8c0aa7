import { useEffect } from 'react'
import { useHost } from '../host/index.tsx'
import { useStore } from '../state/store.ts'
import { type ActionName, actionOf, actions } from './actions.ts'

const isAction = (id: string): id is ActionName => Object.hasOwn(actions, id)

/** Does what the desktop's application menu asks for: an action of the editor by its name, or `stop`. */
export function useMenu(): void {
  const host = useHost()
  useEffect(() => host.on('menu.command', ({ id }) => choose(id)), [host])
}

function choose(id: string): void {
  const store = useStore.getState()
  if (id === 'stop') {
    const running = store.run.list.find(({ state }) => state === 'running')
    if (running) void store.run.stop(running.runId)
    return
  }
  // on a Mac the menu takes the key before the field sees it
  if ((id === 'undo' || id === 'redo') && isTyping()) {
    document.execCommand(id)
    return
  }
  if (!isAction(id)) return
  const { enabled, run } = actionOf(id)
  if (enabled?.(store) ?? true) run()
}

const isTyping = () =>
  document.activeElement instanceof HTMLInputElement || document.activeElement instanceof HTMLTextAreaElement
