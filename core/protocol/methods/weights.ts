import { z } from 'zod'
import { documentSchema } from '../../network/schema.ts'
import { textSchema } from '../text.ts'

/** What networks go out as, in the order in which menus show them (core/interchange/export writes them). */
export const exportFormatIds = [
  'safetensors',
  'onnx',
  'pytorch',
  'tfjs',
  'keras',
  'keras-weights',
  'npz',
] as const
export type ExportFormatId = (typeof exportFormatIds)[number]

/** Whose names a file of weights uses (core/interchange/names). */
export const namings = ['own', 'torchvision', 'timm'] as const

/** Bytes of one part of a file that the window sends. */
export const largestPart = 8 * 1024 * 1024

/** A part of a file that the window sends. */
export const filePart = z.object({
  id: z.string(),
  bytes: z.instanceof(Uint8Array).refine(({ length }) => length <= largestPart, {
    message: `a part has at most ${largestPart} bytes`,
  }),
})

/** Weights that leave as files, and those that come as one. */
export const weightMethods = {
  /** Makes the file in the trainer process; under Electron it is saved by dialog, else its bytes come back. */
  'run.export': {
    req: z.object({
      runId: z.string(),
      format: z.enum(exportFormatIds),
      which: z.enum(['best', 'last']),
    }),
    res: z.union([
      z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) }),
      z.object({ path: z.string() }),
      z.null(),
    ]),
  },
  /**
   * A file of weights that a person chose in the window, which comes in parts of at most `largestPart` bytes, in order,
   * and lies with the host until `run.load` or `weights.drop`; there is one at a time, the last that was begun.
   */
  'weights.begin': {
    req: z.object({
      name: z.string().min(1).max(1000),
      size: z
        .int()
        .min(0)
        .max(2 ** 37),
    }),
    res: z.object({ id: z.string() }),
  },
  'weights.part': { req: filePart, res: z.void() },
  'weights.drop': { req: z.object({ id: z.string() }), res: z.void() },
  /**
   * Makes a network of a file of another program (core/interchange/import), and of its weights, where it has any, a run
   * that was never trained.
   */
  'network.import': {
    /** Of `weights.begin`; the file is dropped in any case. */
    req: z.object({ file: z.string() }),
    res: z.object({
      document: documentSchema,
      runId: z.string().nullable(),
      /** What was left out because it changes nothing, what was assumed. */
      notes: z.array(textSchema),
    }),
  },
  /** Makes a run that was never trained, of a network and a file of weights; see docs/weights.md. */
  'run.load': {
    req: z.object({
      document: documentSchema,
      /** Of `weights.begin`; the file is dropped in any case. */
      weights: z.string(),
      names: z.enum(namings),
      /** Leave weights that the file does not have as they begin, and what has no place in the network out. */
      partial: z.boolean(),
    }),
    res: z.object({ runId: z.string() }),
  },
} as const
