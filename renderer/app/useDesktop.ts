import { useEffect } from 'react'
import { useHost } from '../host/index.tsx'
import { useStore } from '../state/store.ts'
import { trains } from '../training/runs.ts'
import { type ActionName, actionOf, actions } from './actions.ts'
import { openGiven } from './files.ts'

const isAction = (id: string): id is ActionName => Object.hasOwn(actions, id)

/**
 * Does what the desktop asks for: of its application menu an action of the editor by its name, or `stop`; and the
 * documents that a person opened outside.
 */
export function useDesktop(): void {
  const host = useHost()
  useEffect(() => host.on('menu.command', ({ id }) => choose(id)), [host])
  useEffect(() => {
    void openGiven()
    return host.on('document.given', () => void openGiven())
  }, [host])
}

function choose(id: string): void {
  const store = useStore.getState()
  if (id === 'stop') {
    const running = store.run.list.find(trains)
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
