import { z } from 'zod'

/** Version of the document format that this code writes. Every older one migrates up, see `migrations.ts`. */
export const FORMAT_VERSION = 1

/**
 * One layer on the canvas. `kind` is free text here: a kind this version does not know is kept with all its
 * fields, shown as unknown and saved back unchanged.
 */
export const layerSchema = z.looseObject({
  /** Stable for the life of the layer: `l` and a counter of the document, e.g. `l7`. */
  id: z.string().min(1),
  kind: z.string().min(1),
  /** Version of the layer kind that the parameters were written for. */
  kindVersion: z.int().min(1),
  /** Unique in the document; prefix of the names of its weights (`c1.weight`). */
  name: z.string().min(1).max(120),
  params: z.record(z.string(), z.unknown()),
  /** Upper left corner on the canvas, in canvas pixels. */
  position: z.object({ x: z.number(), y: z.number() }),
  /** Id of the block it belongs to. */
  group: z.string().optional(),
  /** Left out of what is computed: what feeds its first input feeds what it feeds. */
  bypassed: z.boolean().optional(),
  /** Drawn as one bar, without its parameters. */
  collapsed: z.boolean().optional(),
})
export type Layer = z.infer<typeof layerSchema>

/** A connection from a layer's output to one input port of another. Ports are named by the layer kind. */
export const wireSchema = z.looseObject({
  id: z.string().min(1),
  from: z.object({ layer: z.string(), port: z.string() }),
  to: z.object({ layer: z.string(), port: z.string() }),
})
export type Wire = z.infer<typeof wireSchema>

/** A block: layers, and blocks within it, that are drawn as one where it is closed. */
export const groupSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  parent: z.string().optional(),
  /**
   * Upper left corner of the closed block, in canvas pixels. What lies in a block is placed among itself, so that a
   * block keeps its inside wherever it stands. Absent in networks that were never drawn: they are laid out when opened.
   */
  position: z.object({ x: z.number(), y: z.number() }).optional(),
  /** Parameters of layers inside that are set from the block itself. */
  exposed: z.array(z.looseObject({ layer: z.string(), param: z.string() })).optional(),
  /** All of it is left out of what is computed. */
  bypassed: z.boolean().optional(),
})
export type Group = z.infer<typeof groupSchema>

/** A remark: a frame with a line of text around a part of the drawing. Nothing is computed from it. */
const commentSchema = z.looseObject({
  id: z.string().min(1),
  text: z.string().max(2000),
  position: z.object({ x: z.number(), y: z.number() }),
  width: z.number().positive(),
  height: z.number().positive(),
  /** Id of the block in which it is seen. */
  group: z.string().optional(),
})
export type Comment = z.infer<typeof commentSchema>

/**
 * How training images are varied, anew in every epoch, so that a network sees more than there is. Each is left out
 * where it is absent.
 */
export const augmentSchema = z.looseObject({
  /** Pixels added on each side, of which a window of the input's size is cut out at random. */
  crop: z.int().min(1).max(64).optional(),
  /** Mirror left and right, half of the time. */
  flip: z.boolean().optional(),
  /** Move by up to this share of height and width, either way. */
  shift: z.number().gt(0).max(0.5).optional(),
  /** Turn by up to so many degrees, either way. */
  rotate: z.number().gt(0).max(180).optional(),
  /**
   * Cut a part out and bring it to the input's size (Szegedy et al. 2015): its area as a share of the image's, and its
   * width by its height, each from least to most.
   */
  resizedCrop: z
    .looseObject({
      area: z
        .tuple([z.number().gt(0).max(1), z.number().gt(0).max(1)])
        .refine(([least, most]) => least <= most, 'expected the least first, then the most'),
      aspect: z
        .tuple([z.number().min(0.1).max(10), z.number().min(0.1).max(10)])
        .refine(([least, most]) => least <= most, 'expected the least first, then the most'),
    })
    .optional(),
  /** Multiply brightness, contrast and saturation by 1 plus or minus up to so much; turn hues by up to this share. */
  jitter: z
    .looseObject({
      brightness: z.number().gt(0).max(1).optional(),
      contrast: z.number().gt(0).max(1).optional(),
      saturation: z.number().gt(0).max(1).optional(),
      hue: z.number().gt(0).max(0.5).optional(),
    })
    .optional(),
  /**
   * Shift colours along the principal axes of the training set's pixels by normal draws of this deviation times the
   * spread along each (Krizhevsky et al. 2012, who take 0.1).
   */
  pca: z.number().gt(0).max(1).optional(),
  /** What comes in from outside: background (pixel 0, the default) or the image mirrored at its border. */
  fill: z.enum(['zero', 'reflect']).optional(),
})
export type Augment = z.infer<typeof augmentSchema>

const unit = z.enum(['steps', 'epochs', 'share'])
/** What a length of training is counted in: optimizer steps, passes over the data, or the whole run (0 to 1). */
export type TimeUnit = z.infer<typeof unit>

/** A learning rate is multiplied by this. */
const drop = z.number().gt(0).max(1)

/** How the learning rate changes over a run. Those without figures of their own are written as their name alone. */
export const scheduleSchema = z.union([
  z.enum(['constant', 'cosine', 'one-cycle']),
  z.discriminatedUnion('type', [
    /** Multiplied by `factor` after every `every`. */
    z.looseObject({ type: z.literal('step'), every: z.number().positive(), unit, factor: drop }),
    /** Multiplied by `factor` at each of `at`. */
    z.looseObject({
      type: z.literal('multi-step'),
      at: z.array(z.number().positive()).min(1),
      unit,
      factor: drop,
    }),
    /** Multiplied by `factor` after every epoch. */
    z.looseObject({ type: z.literal('exponential'), factor: drop }),
    /** Multiplied by `factor` when the validation loss did not fall for more than `patience` epochs. */
    z.looseObject({ type: z.literal('plateau'), patience: z.int().min(0), factor: drop }),
  ]),
])
export type ScheduleSpec = z.infer<typeof scheduleSchema>

/** Smaller steps at the beginning of a run; the schedule's own times count from the run's first step all the same. */
const warmupSchema = z.looseObject({
  length: z.number().positive(),
  unit,
  /** Share of the rate that is kept to for the whole length; where absent, the rate rises in a straight line. */
  hold: drop.optional(),
})
export type Warmup = z.infer<typeof warmupSchema>

/** How this network is trained unless a person says otherwise; a preset carries its paper's figures here. */
export const recipeSchema = z.looseObject({
  optimizer: z.enum(['sgd', 'adam', 'adamw', 'rmsprop']),
  learningRate: z.number().positive(),
  /** SGD and RMSprop. */
  momentum: z.number().min(0).max(1).optional(),
  /** SGD with momentum: the gradient is taken as if the momentum's step were done. */
  nesterov: z.boolean().optional(),
  /** Adam and AdamW: how much of the running means of gradients and of their squares is kept. */
  beta1: z.number().min(0).lt(1).optional(),
  beta2: z.number().min(0).lt(1).optional(),
  /** RMSprop: how much of the running mean of squares is kept. */
  smoothing: z.number().min(0).lt(1).optional(),
  /** Adam, AdamW and RMSprop: keeps the division by a square root in bounds. */
  epsilon: z.number().positive().optional(),
  /** Of the weights whose slots say so (not of biases and norms): L2 in the gradient, for AdamW apart from it. */
  weightDecay: z.number().min(0).optional(),
  /** Largest length that the gradient of all weights together may have. */
  clip: z.number().positive().optional(),
  /** How much of an exponential moving average of the weights is kept a step; the average is what is used. */
  average: z.number().gt(0).lt(1).optional(),
  /** What the network's last layer asks for when absent. */
  loss: z.enum(['cross-entropy', 'mean-squared-error']).optional(),
  /** Cross-entropy only: share of each target that is spread evenly over all classes. */
  labelSmoothing: z.number().min(0).lt(1).optional(),
  /** Cross-entropy only: what a sample of each class counts for, in the order of the classes. */
  classWeights: z.array(z.number().positive()).min(2).optional(),
  batch: z.int().min(1),
  epochs: z.int().min(1),
  schedule: scheduleSchema.optional(),
  warmup: warmupSchema.optional(),
  augment: augmentSchema.optional(),
})
export type Recipe = z.infer<typeof recipeSchema>

export const documentSchema = z.looseObject({
  format: z.literal('layerloom'),
  version: z.int().min(1),
  name: z.string().max(200),
  /** Next number for a new id; only grows, so that an id is never given twice. */
  nextId: z.int().min(1),
  /** The preset it came from, for the "matches the paper" check. */
  preset: z.object({ id: z.string(), options: z.record(z.string(), z.unknown()).optional() }).optional(),
  layers: z.array(layerSchema),
  wires: z.array(wireSchema),
  groups: z.array(groupSchema),
  comments: z.array(commentSchema).optional(),
  recipe: recipeSchema.optional(),
})

/** A network: the one thing that everything else reads. Plain JSON, never mutated; commands make a new one. */
export type NetworkDocument = z.infer<typeof documentSchema>
