import { z } from 'zod'

/** What a trained network makes of samples and pictures. */
export const lookMethods = {
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
} as const
