import { text } from '../network/text.ts'
import { DataError, type Dataset, type InputTransform } from './dataset.ts'
import { channelStatistics } from './describe.ts'
import { fitSize, type ResampleAxis, resampleAxis } from './resample.ts'

/** Writes one sample as the network's input, [C, H, W] from `offset` on. */
export type SampleWriter = (sample: number, target: Float32Array, offset: number) => void

type Pixels = Pick<Dataset, 'source' | 'shape' | 'pixels' | 'count' | 'zero'>

/** Brightness of red, green and blue (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114]

/** How many channels of the sample make one of the network's: `same`, a copy of the only one, or their brightness. */
type Conversion = 'same' | 'spread' | 'luma'

/** What the numbers of a shape are, by how many they are. */
const AXES: Readonly<Record<number, string>> = {
  2: 'channels x length',
  3: 'channels x height x width',
  4: 'channels x depth x height x width',
}

const inWords = (shape: readonly number[]): string =>
  `${shape.join(' x ')} (${AXES[shape.length] ?? `${shape.length} axes`})`

/** Depth, height and width of a shape, 1 for those that it does not have. */
export function spatial(shape: readonly number[]): [depth: number, height: number, width: number] {
  const sides = shape.slice(1)
  return [sides.at(-3) ?? 1, sides.at(-2) ?? 1, sides.at(-1) ?? 1]
}

function conversion(data: Pixels, transform: InputTransform): Conversion {
  if (data.shape.length !== transform.shape.length) {
    throw new DataError(
      text(
        `${data.source}: its samples are ${inWords(data.shape)} and the network takes ${inWords(transform.shape)}: use data of that kind`,
        `${data.source}: 이 데이터의 형태는 ${data.shape.join(' x ')}이고 네트워크의 입력은 ${transform.shape.join(' x ')}입니다. 입력에 맞는 데이터를 사용해 주세요.`,
      ),
    )
  }
  const from = data.shape[0]!
  const to = transform.shape[0]!
  if (from === to) return 'same'
  if (from === 1) return 'spread'
  if (from === 3 && to === 1) return 'luma'
  throw new DataError(
    text(
      `${data.source}: its images have ${from} channels and the network takes ${to}: give the input layer ${from} channels`,
      `${data.source}: 이미지의 채널은 ${from}개인데 네트워크의 입력은 ${to}개입니다. 입력 레이어의 채널 수를 ${from}(으)로 바꿔 주세요.`,
    ),
  )
}

/**
 * Completes a transform with what must be measured: `standardize` without mean and deviation gets those of the
 * training samples, in the network's channels, of pixels scaled to 0..1 and before any background is added.
 *
 * @throws DataError when the channels can't be converted.
 */
export function fitTransform(dataset: Pixels, train: Int32Array, transform: InputTransform): InputTransform {
  const kind = conversion(dataset, transform)
  if (transform.normalization !== 'standardize' || (transform.mean && transform.std)) return transform
  const { mean, std } = kind === 'luma' ? lumaStatistics(dataset, train) : channelStatistics(dataset, train)
  const channels = transform.shape[0]!
  const spread = (values: number[]): number[] =>
    kind === 'spread' ? new Array<number>(channels).fill(values[0]!) : values
  return { ...transform, mean: spread(mean), std: spread(std) }
}

function lumaStatistics(dataset: Pixels, train: Int32Array): { mean: number[]; std: number[] } {
  const plane = dataset.pixels.length / (dataset.count * 3)
  let sum = 0
  let squares = 0
  for (const sample of train) {
    const start = sample * 3 * plane
    for (let at = start; at < start + plane; at++) {
      const value = brightness(dataset.pixels, at, plane)
      sum += value
      squares += value * value
    }
  }
  const n = train.length * plane
  const mean = sum / n
  return { mean: [mean / 255], std: [Math.sqrt(Math.max(0, squares / n - mean * mean)) / 255] }
}

const brightness = (pixels: Uint8Array, at: number, plane: number): number =>
  LUMA[0]! * pixels[at]! + LUMA[1]! * pixels[at + plane]! + LUMA[2]! * pixels[at + 2 * plane]!

/** Of one channel: value = pixel (0..255) x scale + shift. */
export interface Normalizer {
  readonly scale: number
  readonly shift: number
}

/** How one of the network's channels is normalized; the transform is fitted. */
export function normalizer(transform: InputTransform, channel: number): Normalizer {
  if (transform.normalization === 'zero-one') return { scale: 1 / 255, shift: 0 }
  if (transform.normalization === 'lenet') return { scale: 1.275 / 255, shift: -0.1 }
  const mean = transform.mean?.[channel]
  const std = transform.std?.[channel]
  if (mean === undefined || std === undefined) {
    throw new DataError(`standardize needs mean and deviation of channel ${channel}: fit the transform first`)
  }
  // a constant channel carries nothing; it becomes 0 instead of a division by zero
  const deviation = std > 1e-7 ? std : 1
  return { scale: 1 / (255 * deviation), shift: -mean / deviation }
}

/** What background (the byte `zero`) becomes in each of the network's channels; the transform is fitted. */
export const backgroundOf = (transform: InputTransform, zero = 0): number[] =>
  Array.from({ length: transform.shape[0]! }, (_, channel) => {
    const { scale, shift } = normalizer(transform, channel)
    return zero * scale + shift
  })

/**
 * Makes the writer that turns samples (uint8, [c, ...sides]) into network input (float32, [C, ...sides]): signals of
 * one side, images of two, volumes of three. Channels are converted (gray copied to all, RGB to brightness), sides
 * padded or resampled, values normalized. Padding is background (pixel 0, the middle of signed signals), centred; with
 * an odd rest the extra one is at the end. Samples larger than the input are resampled down with their proportions
 * kept, then padded. Resampling is bilinear with anti-aliasing, as Pillow's `BILINEAR` and PyTorch's `antialias=True`.
 *
 * @throws DataError when the network takes samples of another kind, channels can't be converted or `standardize` was
 * not fitted.
 */
export function prepare(dataset: Pixels, transform: InputTransform): SampleWriter {
  const kind = conversion(dataset, transform)
  const channels = transform.shape[0]!
  const from = spatial(dataset.shape)
  const frame = spatial(transform.shape)
  const inner = transform.fit === 'resize' ? frame : fitSize(from, frame)
  const [depth, height, width] = frame
  const [front, top, left] = frame.map((side, axis) => Math.floor((side - inner[axis]!) / 2)) as Sides
  const readers = planeReaders(dataset, kind, from, inner as Sides)
  const bordered = inner.some((side, axis) => side < frame[axis]!)
  const background = backgroundOf(transform, dataset.zero)
  const volume = depth * height * width
  const [layers, rows, columns] = inner as Sides
  const norm = background.map((_, channel) => normalizer(transform, channel))

  return (sample, target, offset) => {
    for (let channel = 0; channel < channels; channel++) {
      const { scale, shift } = norm[channel]!
      const start = offset + channel * volume
      if (bordered) target.fill(background[channel]!, start, start + volume)
      for (let layer = 0; layer < layers; layer++) {
        const sized = readers(sample, channel, layer)
        const corner = start + (front + layer) * height * width
        for (let row = 0; row < rows; row++) {
          const to = corner + (top + row) * width + left
          const read = row * columns
          for (let column = 0; column < columns; column++) {
            target[to + column] = sized[read + column]! * scale + shift
          }
        }
      }
    }
  }
}

type Sides = [depth: number, height: number, width: number]

/** Gives planes of a sample in one of the network's channels, brought to size; valid until the next is asked for. */
function planeReaders(
  dataset: Pixels,
  kind: Conversion,
  [d, h, w]: Sides,
  [depth, height, width]: Sides,
): (sample: number, channel: number, layer: number) => Float32Array {
  const { pixels } = dataset
  const plane = h * w
  const sampleSize = dataset.shape[0]! * d * plane
  const source = new Float32Array(plane)
  const sized = height === h && width === w ? source : new Float32Array(height * width)
  const [layers, rows, columns] = [resampleAxis(d, depth), resampleAxis(h, height), resampleAxis(w, width)]
  const narrow = new Float32Array(h * width)
  const read = (start: number): void => {
    if (kind === 'luma') for (let i = 0; i < plane; i++) source[i] = brightness(pixels, start + i, d * plane)
    else for (let i = 0; i < plane; i++) source[i] = pixels[start + i]!
  }
  const mix = (start: number, layer: number): void => {
    const { first, weights } = layers[layer]!
    source.fill(0)
    weights.forEach((weight, k) => {
      const at = start + (first + k) * plane
      for (let i = 0; i < plane; i++) {
        source[i]! += weight * (kind === 'luma' ? brightness(pixels, at + i, d * plane) : pixels[at + i]!)
      }
    })
  }
  return (sample, channel, layer) => {
    const start = sample * sampleSize + (kind === 'same' ? channel * d * plane : 0)
    if (d === depth) read(start + layer * plane)
    else mix(start, layer)
    if (sized !== source) resample(source, w, narrow, sized, rows, columns)
    return sized
  }
}

/** Separable: first every row becomes `columns.length` wide, then every column `rows.length` high. */
function resample(
  source: Float32Array,
  sourceWidth: number,
  narrow: Float32Array,
  target: Float32Array,
  rows: ResampleAxis,
  columns: ResampleAxis,
): void {
  const width = columns.length
  const sourceHeight = source.length / sourceWidth
  for (let y = 0; y < sourceHeight; y++) {
    for (let x = 0; x < width; x++) {
      const { first, weights } = columns[x]!
      let sum = 0
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * source[y * sourceWidth + first + k]!
      narrow[y * width + x] = sum
    }
  }
  for (let y = 0; y < rows.length; y++) {
    const { first, weights } = rows[y]!
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * narrow[(first + k) * width + x]!
      target[y * width + x] = sum
    }
  }
}
