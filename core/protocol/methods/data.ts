import { z } from 'zod'
import { augmentSchema } from '../../network/schema.ts'
import { textSchema } from '../text.ts'
import { filePart } from './weights.ts'

/** Most bytes of a file of data that the window sends: what lies with the host may be as large as its disk. */
export const largestData = 2 ** 31 - 1

/** Data that is one file. */
export const dataFileKinds = ['csv', 'npz', 'archive'] as const
export type DataFileKind = (typeof dataFileKinds)[number]

/** What a network takes, by which arrays and images of many sizes are read. */
const networkInput = z.object({
  shape: z.array(z.int().min(1)).min(2).max(4),
  fit: z.enum(['pad', 'resize']),
})
const skippedFiles = z.array(z.object({ file: z.string(), reason: z.string(), text: textSchema.optional() }))

/** How far a source is read that is being described, and what its samples so far give. */
export const dataReading = z.object({
  source: z.string(),
  /** Images are first looked at for their size, then decoded. */
  phase: z.enum(['sizes', 'samples']),
  done: z.int(),
  total: z.int(),
  /** Of the samples so far; absent before there are some. */
  partial: z
    .object({ count: z.int(), shape: z.array(z.int()), mean: z.array(z.number()), std: z.array(z.number()) })
    .optional(),
})
export type DataReading = z.infer<typeof dataReading>

/** Data before it is trained on: chosen, counted and looked at. */
export const dataMethods = {
  /** Shows the dialog for a folder, or for a file of that kind; null when cancelled. Electron only. */
  'data.choose': {
    req: z.object({ kind: z.enum(dataFileKinds) }).optional(),
    res: z.object({ path: z.string() }).nullable(),
  },
  /**
   * A file of data that was dropped into a window that does not know where it lies (a browser). It comes in parts of at
   * most `largestPart` bytes, in order; there is one at a time, the last that was begun. `data.keep` puts it among the
   * person's own data, under its name or one like it, where a run that is resumed still finds it.
   */
  'data.begin': {
    req: z.object({ name: z.string().min(1).max(1000), size: z.int().min(0).max(largestData) }),
    res: z.object({ id: z.string() }),
  },
  'data.part': { req: filePart, res: z.void() },
  'data.keep': { req: z.object({ id: z.string() }), res: z.object({ path: z.string() }) },
  'data.drop': { req: z.object({ id: z.string() }), res: z.void() },
  /**
   * Reads all of a source, and tells by `data.reading` how far it is. One is read at a time: the same question again
   * waits for the same answer, another one and `data.describe.stop` end the one before with `cancelled`.
   */
  'data.describe': {
    req: z.object({ source: z.string().min(1), input: networkInput.optional() }),
    res: z.object({
      count: z.int(),
      classes: z.array(z.string()),
      perClass: z.array(z.int()),
      shape: z.array(z.int()),
      mean: z.array(z.number()),
      std: z.array(z.number()),
      /** Files, or rows of a table, that can't be used; absent where all can. */
      skipped: skippedFiles.optional(),
    }),
  },
  'data.describe.stop': { req: z.void(), res: z.void() },
  /**
   * Single samples of a source, as the network gets them before their values are normalized; no more is read than what
   * is asked for, where the source allows it. The source stays open for a while, so that the next ones are quick. One
   * source is open at a time: asking for another, and `data.samples.stop`, end what is asked of the one before with
   * `cancelled`.
   */
  'data.samples': {
    req: z.object({
      source: z.string().min(1),
      input: networkInput.optional(),
      /** Of the run: decides the split, the order and what is drawn for augmentation. */
      seed: z.int().min(0).default(1),
      validation: z.number().gt(0).lt(1).default(0.1),
      /** As they are kept, or as the first epoch takes them, with the validation samples behind. */
      order: z.enum(['stored', 'feed']).default('stored'),
      /** Only samples of that class, by its number. */
      class: z.int().min(0).exactOptional(),
      part: z.enum(['train', 'validation']).exactOptional(),
      offset: z.int().min(0).default(0),
      /** So many at most; fewer come where they are large. */
      count: z.int().min(1).max(256),
      augment: augmentSchema.exactOptional(),
      /** Beside each sample, so many pictures of it as the epochs from the first on vary it. */
      variants: z.int().min(0).max(24).default(0),
      /** With the first sample as it is kept, made smaller where its sides are long. */
      original: z.boolean().exactOptional(),
    }),
    res: z.object({
      /** Samples that `class` and `part` leave. */
      total: z.int(),
      count: z.int(),
      classes: z.array(z.string()),
      perClass: z.array(z.int()),
      trainCount: z.int(),
      validationCount: z.int(),
      /** The validation samples are a part of the source's own, not split off. */
      published: z.boolean(),
      /** Files that are known not to be usable by their names and places; the first ones of many. */
      skipped: skippedFiles,
      /** Of each picture. */
      shape: z.array(z.int()),
      samples: z.array(
        z.object({
          index: z.int(),
          label: z.int(),
          part: z.enum(['train', 'validation']),
          /** Its file, by the path inside the source. */
          name: z.string().optional(),
          /** As it is kept; absent where it can't be read. */
          shape: z.array(z.int()).optional(),
          /** Why it can't be read; its pixels are zeros. */
          error: z.string().optional(),
          /** The same in the window's languages. */
          text: textSchema.optional(),
        }),
      ),
      /** Each sample and then its variants, channel by channel, values from 0 to 255. */
      pixels: z.instanceof(Uint8Array),
      original: z.object({ shape: z.array(z.int()), pixels: z.instanceof(Uint8Array) }).optional(),
    }),
  },
  'data.samples.stop': { req: z.void(), res: z.void() },
} as const
