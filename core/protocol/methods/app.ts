import { z } from 'zod'
import { stepProfile } from '../step-profile.ts'

/** Settings of the window, the person's blocks, recent files, and the source that was trained on last. */
const keptName = z.enum(['settings', 'blocks', 'recent', 'source'])

/** A file the window hands to the person: saved by dialog under Electron, downloaded in a browser. */
const savedFile = z.object({ path: z.string() }).nullable()

/** What the window asks of the host itself: what it is, its engines, what it keeps and what it saves for it. */
export const appMethods = {
  'app.info': {
    req: z.void(),
    res: z.object({
      host: z.enum(['electron', 'loopback']),
      version: z.string(),
      platform: z.string(),
      locale: z.string(),
      /** True where the host shows file dialogs of the system; false where the window must bring its own. */
      dialogs: z.boolean(),
      /** True where deleted runs go to the system's bin. */
      bin: z.boolean().optional(),
      /** True where a graphics device may compute: the engines are worth measuring before the first run. */
      graphics: z.boolean().optional(),
    }),
  },
  /** What the window keeps on this computer, whatever its address: null where nothing was kept. */
  'kept.read': { req: z.object({ name: keptName }), res: z.string().nullable() },
  'kept.write': { req: z.object({ name: keptName, text: z.string() }), res: z.void() },
  'engines.list': {
    req: z.object({ probe: z.boolean() }),
    res: z.array(
      z.object({
        id: z.string(),
        provider: z.string(),
        device: z.string(),
        /** How it computed the probe step, where it has more than one way. */
        profile: stepProfile.optional(),
        available: z.boolean(),
        verified: z.boolean(),
        reason: z.string(),
        /** The reason in the window's languages, where it is written in them. */
        text: z.object({ en: z.string(), ko: z.string() }).optional(),
        /** The reason's kind, for windows that say it in their own language. */
        state: z.enum(['verified', 'not-probed', 'missing', 'not-installed', 'wrong', 'failed']).optional(),
        imagesPerSecond: z.number().nullable(),
        /** It is the one that `auto` takes. */
        auto: z.boolean().optional(),
      }),
    ),
  },
  /** Hands a file that the window made (a drawing, a table) to the person. Electron only. */
  'file.save': { req: z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) }), res: savedFile },
} as const
