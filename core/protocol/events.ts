import { z } from 'zod'
import { stepProfile } from './step-profile.ts'

/**
 * How the numbers of a tensor lie: Euclidean length, null where not all are finite; smallest and largest of the finite
 * ones, 0 where there are none; and how many of them fall into each of 32 equal bins between the two, all into the first
 * where the two are equal.
 */
export const tensorStatistics = z.object({
  norm: z.number().nullable(),
  min: z.number(),
  max: z.number(),
  histogram: z.array(z.int().min(0)),
})
export type TensorStatistics = z.infer<typeof tensorStatistics>

/** What a run tells while it goes. The CLI prints these lines; the window gets them through a port. */
export const trainEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    runId: z.string(),
    engine: z.string(),
    device: z.string(),
    /** How the steps are computed, where the engine has more than one way; in older runs the device says it. */
    profile: stepProfile.exactOptional(),
    trainable: z.int(),
    /** Steps an epoch, epochs in all, samples in each part. */
    stepsPerEpoch: z.int(),
    epochs: z.int(),
    trainCount: z.int(),
    validationCount: z.int(),
    /** First step of this session; above 0 when the run was resumed. */
    step: z.int(),
    /** Bytes that the process is expected to take at its fullest moment. */
    memory: z.number().exactOptional(),
    /** What came from another run's weights, by full names; absent where the run began anew or was resumed. */
    start: z
      .object({
        from: z.string(),
        copied: z.array(z.string()),
        /** The network's weights that the other run does not have, or that were not asked for. */
        fresh: z.array(z.string()),
        /** Those of another shape there, which begin anew too. */
        misfits: z.array(z.object({ name: z.string(), there: z.array(z.int()), here: z.array(z.int()) })),
      })
      .exactOptional(),
  }),
  z.object({
    type: z.literal('step'),
    step: z.int(),
    /** Fraction of epochs done, e.g. 2.25. */
    epoch: z.number(),
    loss: z.number(),
    /** Share of the rows seen since the last such event that were right. */
    accuracy: z.number(),
    learningRate: z.number(),
    imagesPerSecond: z.number(),
    /** When it was told, in seconds since 1970; absent in older runs. */
    time: z.number().exactOptional(),
  }),
  z.object({
    type: z.literal('epoch'),
    epoch: z.int(),
    step: z.int(),
    loss: z.number(),
    accuracy: z.number(),
    valLoss: z.number().nullable(),
    valAccuracy: z.number().nullable(),
    /** Seconds of training time so far, over all sessions of the run. */
    seconds: z.number(),
    /** Share of this epoch's time, in this session, that steps waited for data; absent in older runs. */
    waiting: z.number().exactOptional(),
    /** When it was told, in seconds since 1970; absent in older runs. */
    time: z.number().exactOptional(),
  }),
  /**
   * The trainable weights of each layer and the gradient of the loss by them, at the weights of this moment on one
   * training batch: of the loss that is trained, without weight decay and before clipping.
   */
  z.object({
    type: z.literal('layers'),
    step: z.int(),
    epoch: z.number(),
    layers: z.array(
      z.object({
        /** Of the layer in the run's network. */
        id: z.string(),
        name: z.string(),
        /** All trainable tensors of the layer taken together. */
        weights: tensorStatistics,
        gradient: tensorStatistics,
        /** Length of the last update of the weights divided by that of the weights; null before there is one. */
        update: z.number().nullable(),
      }),
    ),
  }),
  /** The run waits with its memory kept, until it is told to go on. */
  z.object({ type: z.literal('paused'), step: z.int() }),
  z.object({ type: z.literal('resumed'), step: z.int() }),
  z.object({ type: z.literal('checkpoint'), path: z.string(), step: z.int(), best: z.boolean() }),
  z.object({
    type: z.literal('finished'),
    reason: z.enum(['completed', 'stopped', 'early-stopping']),
    epoch: z.int(),
    step: z.int(),
    valAccuracy: z.number().nullable(),
  }),
  z.object({
    type: z.literal('failed'),
    /** `not-finite`, `bad-data`, `bad-network`, `bad-config`, `bad-run`, `no-memory`, `disk`, `crashed`, `internal`. */
    code: z.string(),
    message: z.string(),
    /** The message in the window's languages, where it is written in them. */
    text: z.object({ en: z.string(), ko: z.string() }).optional(),
    /** Id of the layer at fault, where one is. */
    layer: z.string().optional(),
    /** With `no-memory`, the largest batch that fits. */
    batch: z.int().optional(),
  }),
])
export type TrainEvent = z.infer<typeof trainEvent>

/** An event on its way to the window: which run, and its number in the run, so that gaps and repeats show. */
export const runMessage = z.object({ runId: z.string(), seq: z.int().min(0), event: trainEvent })
export type RunMessage = z.infer<typeof runMessage>
