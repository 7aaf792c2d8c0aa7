import { z } from 'zod'

/** The network as text (JSON): the host stores it without reading it, so unknown parts survive. */
const documentFile = z.object({ path: z.string(), name: z.string(), text: z.string() })

/** Networks as files, and what windows left unsaved of them. */
export const documentMethods = {
  /** Shows the open dialog; null when cancelled. Electron only. */
  'document.open': { req: z.void(), res: documentFile.nullable() },
  /** The next document that the system handed to the app (a double click on a file); null when there is none. */
  'document.take': { req: z.void(), res: documentFile.nullable() },
  /** Writes whole or not at all. `path` is one that `document.open` or an earlier save gave; null asks by dialog. */
  'document.save': {
    req: z.object({ path: z.string().nullable(), name: z.string(), text: z.string() }),
    res: z.object({ path: z.string(), name: z.string() }).nullable(),
  },
  /** Opens a file again that was opened or saved by its path before, also in an earlier session. Electron only. */
  'document.reopen': { req: z.object({ path: z.string() }), res: documentFile },
  /**
   * What windows left unsaved, newest first. `here`: a window of this host keeps it, or did until it was killed; the
   * windows of other hosts are not told while those live.
   */
  'unsaved.list': {
    req: z.void(),
    res: z.array(z.object({ window: z.string(), text: z.string(), here: z.boolean() })),
  },
  /** Keeps what a window has not saved, under an id of its own; null takes it away. */
  'unsaved.write': { req: z.object({ window: z.uuid(), text: z.string().nullable() }), res: z.void() },
} as const
