const TYPE = 'application/x-layerloom-kind'

// a drag's data can't be read before the drop; within one window this says it at once
let current: string | null = null

/** Begins to carry a layer kind. */
export function startDrag(transfer: DataTransfer, kind: string) {
  transfer.setData(TYPE, kind)
  transfer.effectAllowed = 'copy'
  current = kind
}

export function endDrag() {
  current = null
}

/** The kind that is carried, or null for any other drag. */
export const draggedKind = (transfer: DataTransfer): string | null =>
  transfer.types.includes(TYPE) ? (current ?? (transfer.getData(TYPE) || null)) : null
