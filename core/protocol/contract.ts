import { z } from 'zod'
import { augmentSchema, documentSchema, recipeSchema } from '../network/schema.ts'
import type { Text } from '../network/text.ts'
import { type runMessage, trainEvent } from './events.ts'

/**
 * Every method the window may ask of its host, with a runtime schema for what goes in and what comes out. Spoken
 * over Electron IPC, over the loopback WebSocket and by the electron double; nothing else crosses.
 */

/** The network as text (JSON): the host stores it without reading it, so unknown parts survive. */
const documentFile = z.object({ path: z.string(), name: z.string(), text: z.string() })

/** Settings of the window, the person's blocks, and recent files. */
const keptName = z.enum(['settings', 'blocks', 'recent'])

const jobConfig = recipeSchema.partial().extend({
  /** A SOURCE of the CLI, e.g. `digits` or `mnist:/home/me/mnist`. */
  data: z.string().min(1),
  engine: z.string().default('auto'),
  seed: z.int().min(0).default(1),
  /** Share of the data kept for validation where the source has no part of its own for that. */
  validation: z.number().gt(0).lt(1).default(0.1),
  /** Use only that many samples. */
  limit: z.int().min(2).optional(),
  /** Leave the network's last layer as it is instead of making it as wide as the data has classes. */
  keepHead: z.boolean().optional(),
  /** Weights to begin with: those of another run, as far as names and shapes are equal; the rest begins anew. */
  from: z
    .object({
      /** Its id, or its folder. */
      run: z.string().min(1),
      /** Only these layers, by name. */
      layers: z.array(z.string()).exactOptional(),
    })
    .exactOptional(),
  /** Null leaves out what the network's own recipe has. */
  clip: recipeSchema.shape.clip.nullable(),
  average: recipeSchema.shape.average.nullable(),
  /** Ends the run when validation has not become better for a while; null for never. */
  earlyStopping: z
    .object({
      /** Epochs without an improvement that are waited for. */
      patience: z.int().min(1),
      /** An improvement lowers the validation loss by more than that. */
      minDelta: z.number().min(0),
    })
    .nullable()
    .optional(),
  /** Tells of the weights and gradients of every layer now and then; true where absent. */
  statistics: z.boolean().optional(),
})
export type JobConfig = z.infer<typeof jobConfig>
export const jobConfigSchema = jobConfig

export const runSummary = z.object({
  runId: z.string(),
  name: z.string(),
  created: z.string(),
  /** `loaded`: never trained, its weights come from a file. */
  state: z.enum(['running', 'paused', 'completed', 'stopped', 'failed', 'interrupted', 'loaded']),
  /** Why it ended, in one line; empty while it runs. */
  reason: z.string(),
  /** Code of the `failed` event it ended with. */
  code: z.string().optional(),
  epoch: z.number(),
  epochs: z.int(),
  /** Of the best epoch so far; null without validation. */
  valAccuracy: z.number().nullable(),
  data: z.string(),
  engine: z.string(),
  /** There is a checkpoint to resume from or to export. */
  hasWeights: z.boolean(),
  /** What a person wrote about it; absent where nothing. */
  notes: z.string().optional(),
  /** Kept out of lists unless asked for. */
  hidden: z.boolean().optional(),
})
export type RunSummary = z.infer<typeof runSummary>

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

/** Data that is one file. */
export const dataFileKinds = ['csv', 'npz', 'archive'] as const
export type DataFileKind = (typeof dataFileKinds)[number]

/** What a network takes, by which arrays and images of many sizes are read. */
const networkInput = z.object({
  shape: z.array(z.int().min(1)).min(2).max(4),
  fit: z.enum(['pad', 'resize']),
})
const skippedFiles = z.array(z.object({ file: z.string(), reason: z.string() }))

/** A file the window hands to the person: saved by dialog under Electron, downloaded in a browser. */
const savedFile = z.object({ path: z.string() }).nullable()

export const methods = {
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
  /** What the window keeps on this computer, whatever its address: null where nothing was kept. */
  'kept.read': { req: z.object({ name: keptName }), res: z.string().nullable() },
  'kept.write': { req: z.object({ name: keptName, text: z.string() }), res: z.void() },
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
  'engines.list': {
    req: z.object({ probe: z.boolean() }),
    res: z.array(
      z.object({
        id: z.string(),
        provider: z.string(),
        device: z.string(),
        available: z.boolean(),
        verified: z.boolean(),
        reason: z.string(),
        /** The reason's kind, for windows that say it in their own language. */
        state: z.enum(['verified', 'not-probed', 'missing', 'not-installed', 'wrong', 'failed']).optional(),
        imagesPerSecond: z.number().nullable(),
        /** It is the one that `auto` takes. */
        auto: z.boolean().optional(),
      }),
    ),
  },
  /** Shows the dialog for a folder, or for a file of that kind; null when cancelled. Electron only. */
  'data.choose': {
    req: z.object({ kind: z.enum(dataFileKinds) }).optional(),
    res: z.object({ path: z.string() }).nullable(),
  },
  /**
   * Reads all of a source. One is read at a time: the same question again waits for the same answer, another one and
   * `data.describe.stop` end the one before with `cancelled`.
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
        }),
      ),
      /** Each sample and then its variants, channel by channel, values from 0 to 255. */
      pixels: z.instanceof(Uint8Array),
      original: z.object({ shape: z.array(z.int()), pixels: z.instanceof(Uint8Array) }).optional(),
    }),
  },
  'data.samples.stop': { req: z.void(), res: z.void() },
  /**
   * What a run would take, before it starts: by its plan at once, or measured by a few steps, which takes seconds. One
   * is worked on at a time; a later one, and `run.estimate.stop`, end the one before with `cancelled`.
   */
  'run.estimate': {
    req: z.object({
      document: documentSchema,
      config: jobConfig,
      /** What the data holds, where that is known. */
      samples: z.object({ bytes: z.int().min(0), classes: z.int().min(1) }).optional(),
      measure: z.boolean(),
    }),
    res: z.object({
      /** Bytes of the whole process at its fullest moment, and those it may take. */
      memory: z.number(),
      free: z.number(),
      fits: z.boolean(),
      /** The largest batch that fits; 0 where not even one sample does. */
      largestBatch: z.int().min(0),
      /** Of training; without what evaluation takes. */
      secondsPerSample: z.number(),
      /** By steps of this run on this machine, not by its plan. */
      measured: z.boolean(),
    }),
  },
  'run.estimate.stop': { req: z.void(), res: z.void() },
  /** Starts a trainer process; its events come as `run.message`. */
  'run.start': {
    req: z.object({ document: documentSchema, config: jobConfig }),
    res: z.object({ runId: z.string() }),
  },
  'run.resume': { req: z.object({ runId: z.string() }), res: z.object({ runId: z.string() }) },
  'run.stop': { req: z.object({ runId: z.string() }), res: z.void() },
  /**
   * Lets a run wait after the step in flight, with its process and memory kept and a checkpoint saved; it says `paused`.
   * Nothing happens to one that waits already.
   */
  'run.pause': { req: z.object({ runId: z.string() }), res: z.void() },
  /** Lets a paused run go on; it says `resumed`. */
  'run.continue': { req: z.object({ runId: z.string() }), res: z.void() },
  /**
   * Learning-rate range test (Smith 2017, cyclical learning rates): trains for `steps` steps while the rate grows by equal
   * factors from `from` to `to`, and stops early when the loss is no number or over four times its best. Leaves nothing
   * behind. One is made at a time; a later one, and `run.rangeTest.stop`, end the one before with `cancelled`.
   */
  'run.rangeTest': {
    req: z.object({
      document: documentSchema,
      config: jobConfig,
      from: z.number().positive(),
      to: z.number().positive(),
      steps: z.int().min(2).max(10_000),
    }),
    res: z.object({
      points: z.array(z.object({ learningRate: z.number(), loss: z.number() })),
      /** Where the smoothed loss falls fastest over the logarithm of the rate; null where it never falls. */
      suggestion: z.number().nullable(),
    }),
  },
  'run.rangeTest.stop': { req: z.void(), res: z.void() },
  'run.list': { req: z.void(), res: z.array(runSummary) },
  /** What people say of a run; what is left out stays. Kept in its folder, also while it trains. */
  'run.change': {
    req: z.object({
      runId: z.string(),
      name: z.string().trim().min(1).max(200).exactOptional(),
      notes: z.string().max(20_000).exactOptional(),
      hidden: z.boolean().exactOptional(),
    }),
    res: runSummary,
  },
  /**
   * Takes a run's folder away: into the system's bin where the host has one, for good elsewhere. `busy` while it trains.
   */
  'run.delete': { req: z.object({ runId: z.string() }), res: z.object({ binned: z.boolean() }) },
  /** All events kept of a run, oldest first, and the network it trained. */
  'run.open': {
    req: z.object({ runId: z.string() }),
    res: z.object({
      summary: runSummary,
      document: documentSchema,
      config: jobConfig,
      events: z.array(trainEvent),
    }),
  },
  /**
   * Scores a run's best checkpoint on the samples that it was not trained on, with the samples behind the cells of the
   * confusion matrix: of each cell the surest, mistakes before hits.
   */
  'run.review': {
    req: z.object({ runId: z.string() }),
    res: z.object({
      loss: z.number(),
      accuracy: z.number(),
      top5: z.number(),
      count: z.int(),
      classes: z.array(z.string()),
      /** Rows are the true classes, columns the predicted ones. */
      confusion: z.array(z.array(z.int())),
      /** Of the network's input. */
      shape: z.array(z.int()),
      samples: z.array(
        z.object({ index: z.int(), label: z.int(), predicted: z.int(), probability: z.number() }),
      ),
      /** One image of `shape` a sample, values from 0 to 255, channel by channel. */
      pixels: z.instanceof(Uint8Array),
    }),
  },
  /**
   * What a run's best checkpoint makes of one image: the classes it sees, what its layers put out, and where the reasons
   * lie. The network stays open for a while, so that the next image is quick.
   */
  'run.look': {
    req: z.object({
      runId: z.string(),
      image: z.union([
        /** A picture's file. */
        z.object({ name: z.string().max(1000), bytes: z.instanceof(Uint8Array) }),
        /** Pixels from 0 to 255, channel by channel. */
        z
          .object({
            channels: z.union([z.literal(1), z.literal(3)]),
            height: z.int().min(1).max(2048),
            width: z.int().min(1).max(2048),
            pixels: z.instanceof(Uint8Array),
          })
          .refine(({ channels, height, width, pixels }) => pixels.length === channels * height * width, {
            message: 'there must be a value for each pixel of each channel',
          }),
      ]),
    }),
    res: z.object({
      top: z.array(z.object({ class: z.string(), probability: z.number() })),
      /** As the network gets it. */
      input: z.object({ shape: z.array(z.int()), pixels: z.instanceof(Uint8Array) }),
      /** `count` maps of `height` x `width`, values from 0 to 255; `shape` is that of the whole output. */
      layers: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          shape: z.array(z.int()),
          count: z.int(),
          height: z.int(),
          width: z.int(),
          pixels: z.instanceof(Uint8Array),
          /**
           * The first `count` of a convolution's filters, `of` in all: 128 is a weight of 0. Of three channels where the
           * layer has three inputs, else the part of each that looks at the first input; absent for other layers.
           */
          filters: z
            .object({
              of: z.int(),
              count: z.int(),
              channels: z.union([z.literal(1), z.literal(3)]),
              height: z.int(),
              width: z.int(),
              pixels: z.instanceof(Uint8Array),
            })
            .exactOptional(),
        }),
      ),
      /** Grad-CAM of the likeliest class at the last layer with places; null where there is none. */
      cause: z
        .object({
          name: z.string(),
          height: z.int(),
          width: z.int(),
          pixels: z.instanceof(Uint8Array),
        })
        .nullable(),
    }),
  },
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
  'weights.part': {
    req: z.object({
      id: z.string(),
      bytes: z.instanceof(Uint8Array).refine(({ length }) => length <= largestPart, {
        message: `a part has at most ${largestPart} bytes`,
      }),
    }),
    res: z.void(),
  },
  'weights.drop': { req: z.object({ id: z.string() }), res: z.void() },
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
  /** Hands a file that the window made (a drawing, a table) to the person. Electron only. */
  'file.save': { req: z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) }), res: savedFile },
} as const

export const events = {
  'menu.command': z.object({ id: z.string() }),
  /** The system handed the app a document: `document.take` gives it. */
  'document.given': z.void(),
  /** A trainer process ended without a word: killed, crashed. The run's last event is then a `failed` made by the host. */
  'run.changed': runSummary,
  /** A run's folder was taken away. */
  'run.deleted': z.object({ runId: z.string() }),
} as const

export type Methods = typeof methods
export type MethodName = keyof Methods
export type Request<M extends MethodName> = z.infer<Methods[M]['req']>
export type Response<M extends MethodName> = z.infer<Methods[M]['res']>
export type Events = typeof events
export type EventName = keyof Events
export type EventPayload<E extends EventName> = z.infer<Events[E]>

/** How every result crosses: nothing throws across. */
export type Result<T> =
  | { ok: true; value: T }
  | { ok: false; code: string; message: string; text?: Text | undefined }

/** What the renderer programs against; renderer/host has one implementation a transport. */
export interface Host {
  /** Rejects with a HostError (code, message) when the host says no. */
  call<M extends MethodName>(method: M, request: Request<M>): Promise<Response<M>>
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void
  /**
   * Live events of a run, straight from its trainer (a MessagePort under Electron, the WebSocket on loopback). What
   * came before the call is delivered first; at most about 20 messages a second.
   */
  watch(runId: string, listener: (message: z.infer<typeof runMessage>) => void): () => void
}
