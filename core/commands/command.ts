import { applyPatches, enablePatches, type Patch, produceWithPatches } from 'immer'
import type { NetworkDocument } from '../network/schema.ts'
import type { Text } from '../network/text.ts'

enablePatches()

/**
 * One kind of edit. Only commands change a document, so that every change can be undone. A command never fails: what
 * does not apply to the document (a layer that is gone, a name that is taken) changes nothing.
 */
export interface Command<A> {
  /** kebab-case and stable. */
  readonly id: string
  /** Menu text, and what "Undo" names. */
  readonly label: Text
  /** Changes the draft. Gives the ids of the layers to select afterwards, or nothing where the selection stays. */
  edit(draft: NetworkDocument, args: A): readonly string[] | undefined
  /**
   * Undo policy: edits that come one right after another with the same key become one step of undo, e.g. the
   * keystrokes in one field. Absent or null: a step of its own.
   */
  mergeKey?(args: A): string | null
}

/** One step of undo: how to get from one document to the next and back. */
export interface Edit {
  readonly command: string
  readonly label: Text
  readonly mergeKey: string | null
  readonly forward: readonly Patch[]
  readonly backward: readonly Patch[]
}

export interface Applied {
  readonly document: NetworkDocument
  /** Null when the command changed nothing. */
  readonly edit: Edit | null
  readonly select: readonly string[] | undefined
}

/** Runs a command on a document, which stays as it is; the new one shares all that did not change. */
export function applyCommand<A>(document: NetworkDocument, command: Command<A>, args: A): Applied {
  let select: readonly string[] | undefined
  const [next, forward, backward] = produceWithPatches(document, (draft) => {
    select = command.edit(draft, args)
  })
  if (forward.length === 0) return { document, edit: null, select }
  const mergeKey = command.mergeKey?.(args) ?? null
  const edit = { command: command.id, label: command.label, mergeKey, forward, backward }
  return { document: next, edit, select }
}

/** Two edits that follow one another, as one. */
export function mergeEdits(first: Edit, second: Edit): Edit {
  return {
    ...second,
    forward: [...first.forward, ...second.forward],
    backward: [...second.backward, ...first.backward],
  }
}

/** The document before an edit that was applied last. */
export const undoEdit = (document: NetworkDocument, edit: Edit): NetworkDocument =>
  applyPatches(document, edit.backward)

/** The document after an edit that was undone last. */
export const redoEdit = (document: NetworkDocument, edit: Edit): NetworkDocument =>
  applyPatches(document, edit.forward)

/** A copy of a part of a document or draft that shares nothing with it. Documents are plain JSON. */
export const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
