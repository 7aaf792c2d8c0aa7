import { analyze } from '../../core/analysis/analyze.ts'
import type { Analysis } from '../../core/analysis/report.ts'
import {
  applyCommand,
  type Command,
  type Edit,
  mergeEdits,
  redoEdit,
  undoEdit,
} from '../../core/commands/command.ts'
import { createDocument, parseDocument, serializeDocument } from '../../core/network/document.ts'
import type { Layer, NetworkDocument } from '../../core/network/schema.ts'
import type { Change, Store } from './store.ts'

/** Where the open document lies: a path that the host gave, a file handle of the browser, or nowhere yet. */
export interface Place {
  /** What the host's `document.save` takes; null where there is none. */
  readonly path: string | null
  /** File name with its extension, shown in the bar. */
  readonly fileName: string
  /** A browser's own handle on the file, kept so that saving again does not ask again. */
  readonly handle?: FileSystemFileHandle
}

export interface DocumentSlice {
  readonly document: NetworkDocument
  /** Shapes, counts and problems of `document`; made anew with every edit. */
  readonly analysis: Analysis
  readonly place: Place | null
  /** There are edits since the last save or since it was opened. */
  readonly dirty: boolean
  readonly past: readonly Edit[]
  readonly future: readonly Edit[]
  /** Grows whenever another document is opened, so that the canvas fits it to the window. */
  readonly opened: number
  /** Changes the document; the only way to. Gives the ids of the layers it made or left selected, if any. */
  run<A>(command: Command<A>, args: A): readonly string[]
  /** Makes one step of undo of all edits made meanwhile. */
  together(edits: () => void): void
  undo(): void
  redo(): void
  /** Opens an empty network, or the given one as a new, unsaved document. */
  newDocument(document?: NetworkDocument): void
  /** Opens the text of a `.layerloom` file. @throws DocumentError when it is none */
  openText(text: string, place: Place): void
  /** Opens a document that was never saved, with the edits counted as unsaved. */
  recover(text: string, place: Place | null): void
  /** The text of a `.layerloom` file. */
  serialize(): string
  /** Tells that what `serialize` gave at the edit `at` (top of `past`) has been written. */
  markSaved(place: Place, at: Edit | undefined): void
}

/** Steps of undo kept. */
const LIMIT = 500
/** Edits of one field that follow within this time, in ms, are undone together. */
const MERGE_WITHIN = 2000

/** `place` gives what was never drawn its places, when a network is opened. */
export function createDocumentSlice(
  change: Change<DocumentSlice>,
  get: () => Store,
  place: (document: NetworkDocument) => NetworkDocument = (document) => document,
): DocumentSlice {
  let saved: Edit | undefined
  let recovered = false
  let lastEdit = Number.NEGATIVE_INFINITY
  const slice = () => get().document
  const isDirty = (past: readonly Edit[]) => recovered || past.at(-1) !== saved

  const analysisOf = (document: NetworkDocument) => {
    const before = slice()
    return computesAlike(before.document, document) ? before.analysis : analyze(document)
  }
  const show = (
    document: NetworkDocument,
    past: readonly Edit[],
    future: readonly Edit[],
    more: Partial<DocumentSlice> = {},
  ) => {
    change({ document, analysis: analysisOf(document), past, future, dirty: isDirty(past), ...more })
    get().view.forget(document)
  }
  const open = (read: NetworkDocument, at: Place | null, unsaved: boolean) => {
    const document = place(read)
    saved = undefined
    recovered = unsaved
    lastEdit = Number.NEGATIVE_INFINITY
    get().view.enter(null)
    get().view.setOpened([])
    // in one: who hears of the new place must not see the old network there
    show(document, [], [], { place: at, opened: slice().opened + 1 })
    get().view.select([])
  }
  const first = createDocument('untitled')

  return {
    document: first,
    analysis: analyze(first),
    place: null,
    dirty: false,
    past: [],
    future: [],
    opened: 0,
    run(command, args) {
      const { document, past } = slice()
      const applied = applyCommand(document, command, args)
      if (!applied.edit) return []
      const now = performance.now()
      const before = past.at(-1)
      const merge =
        before !== undefined &&
        before !== saved &&
        before.mergeKey !== null &&
        before.mergeKey === applied.edit.mergeKey &&
        now - lastEdit < MERGE_WITHIN
      lastEdit = now
      const next = merge ? past.with(-1, mergeEdits(before, applied.edit)) : [...past, applied.edit]
      show(applied.document, next.slice(-LIMIT), [])
      if (applied.select) get().view.select(applied.select)
      return applied.select ?? []
    },
    together(edits) {
      const before = slice().past.at(-1)
      edits()
      const { past } = slice()
      const made = past.slice(past.lastIndexOf(before as Edit) + 1)
      if (made.length < 2) return
      const one = { ...made.reduce(mergeEdits), label: made[0]!.label, mergeKey: null }
      change({ past: [...past.slice(0, -made.length), one] })
    },
    undo() {
      const { document, past, future } = slice()
      const edit = past.at(-1)
      if (edit) show(undoEdit(document, edit), past.slice(0, -1), [...future, edit])
      lastEdit = Number.NEGATIVE_INFINITY
    },
    redo() {
      const { document, past, future } = slice()
      const edit = future.at(-1)
      if (edit) show(redoEdit(document, edit), [...past, edit], future.slice(0, -1))
      lastEdit = Number.NEGATIVE_INFINITY
    },
    newDocument: (document = createDocument('untitled')) => open(document, null, false),
    openText: (text, at) => open(parseDocument(text), at, false),
    recover: (text, at) => open(parseDocument(text), at, true),
    serialize: () => serializeDocument(slice().document),
    markSaved(place, at) {
      saved = at
      recovered = false
      change(({ past }) => ({ place, dirty: isDirty(past) }))
    },
  }
}

/** Whether two documents differ in nothing that an analysis reads: only in places, comments, training. */
function computesAlike(a: NetworkDocument, b: NetworkDocument): boolean {
  if (a.wires !== b.wires || a.layers.length !== b.layers.length || a.name !== b.name) return false
  if (a.preset !== b.preset || a.recipe !== b.recipe) return false
  const alike = (x: Layer, y: Layer) =>
    x === y ||
    (x.params === y.params &&
      x.id === y.id &&
      x.name === y.name &&
      x.kind === y.kind &&
      x.kindVersion === y.kindVersion &&
      x.group === y.group &&
      x.bypassed === y.bypassed)
  if (!a.layers.every((layer, i) => alike(layer, b.layers[i]!))) return false
  const bypassed = (groups: NetworkDocument['groups']) =>
    groups.map(({ id, parent, bypassed: out }) => `${id} ${parent} ${out}`).join()
  return a.groups === b.groups || bypassed(a.groups) === bypassed(b.groups)
}
