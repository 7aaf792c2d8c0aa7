import { useEffect } from 'react'
import { startAutosave } from './autosave.ts'
import { confirmLoss, EXTENSION, openDropped } from './files.ts'
import { adviceFor, isForeign } from './importModel.ts'

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

const isOpened = (name: string) =>
  name.endsWith(EXTENSION) || name.endsWith('.json') || isForeign(name) || adviceFor(name) !== null

/** Opens a network file that is dragged into the window, keeps unsaved edits safe, and warns before they are lost. */
export function useWindowFiles(refuse: (name: string) => void): void {
  useEffect(startAutosave, [])
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      // without this the browser would leave the page for the file
      event.preventDefault()
    }
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      const file = event.dataTransfer?.files[0]
      if (!file) return
      if (!isOpened(file.name)) refuse(file.name)
      else if (confirmLoss()) void openDropped(file)
    }
    window.addEventListener('dragover', over)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('drop', drop)
    }
  }, [refuse])
}
