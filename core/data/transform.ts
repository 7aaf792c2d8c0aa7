import { DataError, type Dataset, type InputTransform } from './dataset.ts'
import { channelStatistics } from './describe.ts'
import { fitSize, type ResampleAxis, resampleAxis } from './resample.ts'

/** Writes one sample as the network's input, [C, H, W] from `offset` on. */
export type SampleWriter = (sample: number, target: Float32Array, offset: number) => void

type Pixels = Pick<Dataset, 'source' | 'shape' | 'pixels' | 'count'>

/** Brightness of red, green and blue (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114]

/** How many channels of the sample make one of the network's: `same`, a copy of the only one, or their brightness. */
type Conversion = 'same' | 'spread' | 'luma'

function conversion(data: Pixels, transform: InputTransform): Conversion {
  const from = data.shape[0]!
  const to = transform.shape[0]!
  if (from === to) return 'same'
  if (from === 1) return 'spread'
  if (from === 3 && to === 1) return 'luma'
  throw new DataError(
    `${data.source}: its images have ${from} channels and the network takes ${to}: give the input layer ${from} channels`,
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
  const plane = dataset.shape[1]! * dataset.shape[2]!
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
interface Normalizer {
  readonly scale: number
  readonly shift: number
}

function normalizer(transform: InputTransform, channel: number): Normalizer {
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

/** What background (pixel 0) becomes in each of the network's channels; the transform is fitted. */
export const backgroundOf = (transform: InputTransform): number[] =>
  Array.from({ length: transform.shape[0]! }, (_, channel) => normalizer(transform, channel).shift)

/**
 * Makes the writer that turns samples (uint8, [c, h, w]) into network input (float32, [C, H, W]): channels converted
 * (gray copied to all, RGB to brightness), height and width padded or resampled, values normalized. Padding is
 * background (pixel 0), centred; with an odd rest the extra row or column is at the bottom or right. Images larger
 * than the input are resampled down with their proportions kept, then padded. Resampling is bilinear with
 * anti-aliasing, as Pillow's `BILINEAR` and PyTorch's `antialias=True`.
 *
 * @throws DataError when channels can't be converted or `standardize` was not fitted.
 */
export function prepare(dataset: Pixels, transform: InputTransform): SampleWriter {
  const kind = conversion(dataset, transform)
  const [inChannels, h, w] = dataset.shape as [number, number, number]
  const [channels, height, width] = transform.shape as [number, number, number]
  const norm = Array.from({ length: channels }, (_, channel) => normalizer(transform, channel))
  const inner = transform.fit === 'resize' ? { height, width } : fitSize(h, w, height, width)
  const top = Math.floor((height - inner.height) / 2)
  const left = Math.floor((width - inner.width) / 2)
  const plane = h * w
  const source = new Float32Array(plane)
  const sized =
    inner.height === h && inner.width === w ? source : new Float32Array(inner.height * inner.width)
  const rows = resampleAxis(h, inner.height)
  const columns = resampleAxis(w, inner.width)
  const narrow = new Float32Array(h * inner.width)

  return (sample, target, offset) => {
    for (let channel = 0; channel < channels; channel++) {
      const from = sample * inChannels * plane + (kind === 'same' ? channel * plane : 0)
      if (kind === 'luma')
        for (let i = 0; i < plane; i++) source[i] = brightness(dataset.pixels, from + i, plane)
      else for (let i = 0; i < plane; i++) source[i] = dataset.pixels[from + i]!
      if (sized !== source) resample(source, w, narrow, sized, rows, columns)
      const { scale, shift } = norm[channel]!
      const start = offset + channel * height * width
      if (top > 0 || left > 0 || inner.height < height || inner.width < width) {
        target.fill(shift, start, start + height * width)
      }
      for (let row = 0; row < inner.height; row++) {
        const to = start + (top + row) * width + left
        const read = row * inner.width
        for (let column = 0; column < inner.width; column++) {
          target[to + column] = sized[read + column]! * scale + shift
        }
      }
    }
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
