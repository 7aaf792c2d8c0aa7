import { type DragEvent, useState } from 'react'
import type { LookImage } from './useLook.ts'

const carriesFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes('Files')

/**
 * Takes an image file that is dragged from elsewhere and dropped on an element: `over` while it is above it, `handlers`
 * for the element, `take` for a file that came another way, and `taken`, which grows with every image.
 */
export function useImageDrop(show: (image: LookImage) => void) {
  const [over, setOver] = useState(false)
  const [taken, setTaken] = useState(0)
  const take = async (file: File | undefined) => {
    if (!file) return
    const bytes = new Uint8Array(await file.arrayBuffer())
    setTaken((before) => before + 1)
    show({ name: file.name, bytes })
  }
  const handlers = {
    onDragOver(event: DragEvent) {
      if (!carriesFiles(event)) return
      event.preventDefault()
      setOver(true)
    },
    onDragLeave(event: DragEvent<HTMLElement>) {
      // on to a part of it is not away from it
      const to = event.relatedTarget
      if (!(to instanceof Node && event.currentTarget.contains(to))) setOver(false)
    },
    onDrop(event: DragEvent) {
      if (!carriesFiles(event)) return
      event.preventDefault()
      // the window would take it for a network
      event.stopPropagation()
      setOver(false)
      void take(event.dataTransfer.files[0])
    },
  }
  return { over, taken, take, handlers }
}
