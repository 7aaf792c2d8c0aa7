import { z } from 'zod'
import { documentSchema, recipeSchema } from '../../network/schema.ts'
import { trainEvent } from '../events.ts'

/** What a run trains on, and how: a recipe that the network's own completes where it says nothing. */
export const jobConfigSchema = recipeSchema.partial().extend({
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
export type JobConfig = z.infer<typeof jobConfigSchema>

/** One row of the list of runs. */
/** One of the colours in which windows draw runs. */
const runColour = z.int().min(1).max(6)

export const runSummary = z.object({
  runId: z.string(),
  name: z.string(),
  created: z.string(),
  /** `loaded`: never trained, its weights come from a file. */
  state: z.enum(['running', 'paused', 'completed', 'stopped', 'failed', 'interrupted', 'loaded']),
  /** Why it ended, in one line; empty while it runs. */
  reason: z.string(),
  /** The reason in the window's languages, where it is written in them. */
  text: z.object({ en: z.string(), ko: z.string() }).optional(),
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
  /** The colour that a person gave it; absent where they left it to the window. */
  colour: runColour.optional(),
})
export type RunSummary = z.infer<typeof runSummary>

/** Runs: what one would take, its life from start to end, and the list of all. */
/** A step of a range test: the rate, and the loss of the batch before its update. */
const rangePoint = z.object({ learningRate: z.number(), loss: z.number() })
/** What a range test found since it told last, and how many steps it has made of how many. */
export const rangePoints = z.object({
  points: z.array(rangePoint),
  done: z.int().positive(),
  total: z.int().positive(),
})
export type RangePoints = z.infer<typeof rangePoints>

export const runMethods = {
  /**
   * What a run would take, before it starts: by its plan at once, or measured by a few steps, which takes seconds. One
   * is worked on at a time; a later one, and `run.estimate.stop`, end the one before with `cancelled`.
   */
  'run.estimate': {
    req: z.object({
      document: documentSchema,
      config: jobConfigSchema,
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
  /** Starts a trainer process; `Host.watch` gives its events. */
  'run.start': {
    req: z.object({ document: documentSchema, config: jobConfigSchema }),
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
   * behind, and tells its points by `run.rangeTest.points`. One is made at a time; a later one, and `run.rangeTest.stop`, end the one before with `cancelled`.
   */
  'run.rangeTest': {
    req: z.object({
      document: documentSchema,
      config: jobConfigSchema,
      from: z.number().positive(),
      to: z.number().positive(),
      steps: z.int().min(2).max(10_000),
    }),
    res: z.object({
      points: z.array(rangePoint),
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
      colour: runColour.exactOptional(),
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
      config: jobConfigSchema,
      events: z.array(trainEvent),
    }),
  },
} as const
