import type { Augment } from '../network/schema.ts'
import type { Text } from '../network/text.ts'
import { augmented } from './augment.ts'
import { epochOrder } from './batches.ts'
import type { Catalog, SampleOf } from './catalog.ts'
import { type ColorAxes, colorAxes } from './colors.ts'
import type { InputTransform, SkippedFile } from './dataset.ts'
import { reasonOf } from './images/unreadable.ts'
import { fitSize } from './resample.ts'
import { split } from './split.ts'
import { prepare, type SampleWriter, spatial } from './transform.ts'

export type Part = 'train' | 'validation'

/** Which samples are looked at, and how. */
export interface SamplesQuestion {
  /** What the network takes; samples of a folder come in a frame of `USUAL` where there is none. */
  readonly input?: Pick<InputTransform, 'shape' | 'fit'> | undefined
  /** Of the run: decides the split, the order and what is drawn for augmentation. */
  readonly seed: number
  /** Share kept for validation where the source has no part of its own for it. */
  readonly validation: number
  /** As they are kept, or as the first epoch takes them, with validation samples behind. */
  readonly order: 'stored' | 'feed'
  readonly class?: number | undefined
  readonly part?: Part | undefined
  readonly offset: number
  /** So many at most; fewer come where they are large. */
  readonly count: number
  /** Beside each sample, so many pictures of it as the epochs from the first on vary it. */
  readonly variants: number
  readonly augment?: Augment | undefined
  /** With the first sample as it is kept. */
  readonly original?: boolean | undefined
}

export interface SeenSample {
  readonly index: number
  readonly label: number
  readonly part: Part
  /** Path inside the source. */
  readonly name?: string
  /** As it is kept; absent where it can't be read. */
  readonly shape?: readonly number[]
  /** Why it can't be read; its pixels are zeros. */
  readonly error?: string
  /** The same in every language. */
  readonly text?: Text
}

export interface SamplesAnswer {
  /** Samples that the class and the part leave. */
  readonly total: number
  readonly count: number
  readonly classes: readonly string[]
  readonly perClass: readonly number[]
  readonly trainCount: number
  readonly validationCount: number
  /** The validation samples are the source's own part, not split off. */
  readonly published: boolean
  readonly skipped: readonly SkippedFile[]
  /** [C, ...sides] of each picture here. */
  readonly shape: readonly number[]
  readonly samples: readonly SeenSample[]
  /** For each sample itself and then its variants, channel by channel, values from 0 to 255. */
  readonly pixels: Uint8Array<ArrayBuffer>
  readonly original?: SampleOf
}

export interface SampleReader {
  read(question: SamplesQuestion): Promise<SamplesAnswer>
}

/** What samples of many sizes are brought to where no network says. */
const USUAL = [3, 96, 96]
const MOST_BYTES = 12 * 1024 * 1024
/** Longest side of a sample as it is kept. */
const LONGEST = 512
/** Samples that colours are measured on, where the recipe shifts them along their axes: a run measures more. */
const MEASURED = 256
const MOST_SKIPPED = 2000

/**
 * Reads single samples as the network gets them, before their values are normalized. A run brings images that differ in
 * size to the network's input when it decodes them, which may round a value to the other side.
 */
export function openSamples(catalog: Catalog): SampleReader {
  const parts = kept((question: SamplesQuestion) => partsOf(catalog, question), splitKey)
  const lists = kept((question: SamplesQuestion) => choose(catalog, parts(question), question), listKey)
  const colors = kept((question: SamplesQuestion) => colorsOf(catalog, parts(question).train), splitKey)
  const perClass = catalog.classes.map(() => 0)
  for (const label of catalog.labels) perClass[label]!++
  return {
    async read(question) {
      const split = parts(question)
      const chosen = lists(question)
      const shape = question.input?.shape ?? (await usualShape(catalog))
      const transform: InputTransform = {
        shape,
        fit: question.input?.fit ?? 'pad',
        normalization: 'zero-one',
      }
      const variants = question.augment ? question.variants : 0
      const size = shape.reduce((product, side) => product * side, 1)
      const most = Math.max(1, Math.floor(MOST_BYTES / (size * (1 + variants))))
      const shown = chosen.subarray(question.offset, question.offset + Math.min(question.count, most))
      const axes = variants > 0 && question.augment?.pca !== undefined ? await colors(question) : null
      const draw = drawer(catalog, transform, { ...question, variants }, axes)
      const drawn = await Promise.all([...shown].map((sample) => tryRead(catalog, sample)))
      const pixels = new Uint8Array(shown.length * (1 + variants) * size)
      const samples = drawn.map((read, i): SeenSample => {
        const index = shown[i]!
        const name = catalog.name(index)
        const error = read.found ? draw(index, read.found, pixels, i * (1 + variants) * size) : read.error
        return {
          ...{ index, label: catalog.labels[index]!, part: split.held.has(index) ? 'validation' : 'train' },
          ...(name === undefined ? {} : { name }),
          ...(read.found ? { shape: read.found.shape } : {}),
          ...(error ? { error: error.en, text: error } : {}),
        }
      })
      const first = drawn[0]?.found
      return {
        ...{ total: chosen.length, count: catalog.count, classes: catalog.classes, perClass },
        ...{ trainCount: split.train.length, validationCount: split.held.size },
        published: catalog.trainCount !== null,
        skipped: catalog.skipped.slice(0, MOST_SKIPPED),
        ...{ shape, samples, pixels },
        ...(question.original && first ? { original: small(first) } : {}),
      }
    },
  }
}

const splitKey = ({ validation, seed }: SamplesQuestion): string => `${validation} ${seed}`

const listKey = (question: SamplesQuestion): string =>
  [splitKey(question), question.order, question.class ?? 'all', question.part ?? 'all'].join(' ')

/** Keeps what was made last. */
function kept<T>(make: (question: SamplesQuestion) => T, keyOf: (question: SamplesQuestion) => string) {
  let last: { key: string; made: T } | null = null
  return (question: SamplesQuestion): T => {
    const key = keyOf(question)
    if (last?.key !== key) last = { key, made: make(question) }
    return last.made
  }
}

function partsOf(catalog: Catalog, { validation, seed }: SamplesQuestion) {
  const parts = split(catalog, { validation, seed })
  return { train: parts.train, validation: parts.validation, held: new Set(parts.validation) }
}

/** The samples asked for, in their order. */
function choose(
  catalog: Catalog,
  { train, validation, held }: ReturnType<typeof partsOf>,
  { order, seed, class: label, part }: SamplesQuestion,
): Int32Array {
  const all =
    order === 'feed'
      ? oneBehindTheOther(epochOrder(train, seed, 0), validation)
      : Int32Array.from({ length: catalog.count }, (_, i) => i)
  return all.filter(
    (sample) =>
      (label === undefined || catalog.labels[sample] === label) &&
      (part === undefined || held.has(sample) === (part === 'validation')),
  )
}

function oneBehindTheOther(first: Int32Array, second: Int32Array): Int32Array {
  const both = new Int32Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

/** The shape of the samples where all are alike, as those in memory are. */
async function usualShape(catalog: Catalog): Promise<readonly number[]> {
  if (catalog.count === 0 || catalog.name(0) !== undefined) return USUAL
  return (await catalog.read(0)).shape
}

type Read =
  | { readonly found: SampleOf; readonly error?: never }
  | { readonly found: null; readonly error: Text }

async function tryRead(catalog: Catalog, sample: number): Promise<Read> {
  try {
    return { found: await catalog.read(sample) }
  } catch (error) {
    return { found: null, error: reasonOf(error) }
  }
}

/** Draws a sample and its variants, or says why it can't be drawn. */
function drawer(
  { source, zero }: Catalog,
  transform: InputTransform,
  { augment, seed, variants }: Pick<SamplesQuestion, 'augment' | 'seed' | 'variants'>,
  colors: ColorAxes | null,
) {
  const image = new Float32Array(transform.shape.reduce((product, side) => product * side, 1))
  const measured = { zero, colors }
  const put = (values: Float32Array, pixels: Uint8Array, offset: number): void => {
    for (let i = 0; i < values.length; i++) {
      pixels[offset + i] = Math.round(255 * Math.min(1, Math.max(0, values[i]!)))
    }
  }
  return (index: number, { shape, pixels: from }: SampleOf, pixels: Uint8Array, offset: number) => {
    try {
      const own = prepare(
        { source, shape, pixels: from, count: 1, ...(zero === undefined ? {} : { zero }) },
        transform,
      )
      // what is drawn for a sample goes by its number, and this one is alone here
      const write: SampleWriter = (_, target, at) => own(0, target, at)
      write(index, image, 0)
      put(image, pixels, offset)
      for (let epoch = 0; augment && epoch < variants; epoch++) {
        augmented(write, augment, transform, seed, epoch, measured)(index, image, 0)
        put(image, pixels, offset + (1 + epoch) * image.length)
      }
      return undefined
    } catch (error) {
      return reasonOf(error)
    }
  }
}

/** The colours' axes of some training samples, evenly spread. */
async function colorsOf(catalog: Catalog, train: Int32Array): Promise<ColorAxes> {
  const step = Math.max(1, Math.ceil(train.length / MEASURED))
  const some = [...train].filter((_, i) => i % step === 0)
  const size = USUAL.reduce((product, side) => product * side, 1)
  const values = new Float32Array(size)
  const pixels = new Uint8Array(some.length * size)
  let count = 0
  for (const { found } of await Promise.all(some.map((sample) => tryRead(catalog, sample)))) {
    if (!found) continue
    const own = { source: catalog.source, ...found, count: 1 }
    prepare(own, { shape: USUAL, fit: 'resize', normalization: 'zero-one' })(0, values, 0)
    for (let i = 0; i < size; i++) pixels[count * size + i] = Math.round(255 * values[i]!)
    count++
  }
  return colorAxes(
    { shape: USUAL, pixels },
    Int32Array.from({ length: count }, (_, i) => i),
  )
}

/** A sample as it is kept, made smaller where it is too large to be shown. */
function small({ shape, pixels }: SampleOf): SampleOf {
  const [depth, height, width] = spatial(shape)
  if (shape.length !== 3 || Math.max(height, width) <= LONGEST) return { shape, pixels: pixels.slice() }
  const [, h = 1, w = 1] = fitSize([depth, height, width], [depth, LONGEST, LONGEST])
  const to = [shape[0]!, h, w]
  const values = new Float32Array(to.reduce((product, side) => product * side, 1))
  const own = { source: '', shape, pixels, count: 1 }
  prepare(own, { shape: to, fit: 'resize', normalization: 'zero-one' })(0, values, 0)
  return { shape: to, pixels: Uint8Array.from(values, (value) => Math.round(255 * value)) }
}
