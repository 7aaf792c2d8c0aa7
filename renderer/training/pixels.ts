/** Planes of values as pictures: what a sample, a map or the reasons for a class look like. */

interface Plane {
  readonly height: number
  readonly width: number
  readonly pixels: Uint8Array
}

/** Pictures of equal size that lie one behind the other, as views, each with its place among them from 0 on. */
export const pictures = (
  pixels: Uint8Array,
  count: number,
  size: number,
): readonly { readonly place: number; readonly pixels: Uint8Array }[] =>
  Array.from({ length: count }, (_, place) => ({
    place,
    pixels: pixels.subarray(place * size, (place + 1) * size),
  }))

/** Height, width and the values of one plane in the whole array, of which a volume gives its middle. */
function planeOf(shape: readonly number[]): {
  height: number
  width: number
  stride: number
  offset: number
} {
  const height = shape.length > 2 ? shape.at(-2)! : 1
  const width = shape.at(-1) ?? 1
  const stride = shape.slice(1).reduce((product, side) => product * side, 1)
  const depth = stride / (height * width)
  return { height, width, stride, offset: Math.floor(depth / 2) * height * width }
}

/**
 * Values as colours, four bytes a pixel: three channels are red, green and blue, any other number shows the first as gray.
 * `heat` adds orange where it is strong, smoothly from place to place.
 */
export function toColours(
  pixels: Uint8Array,
  shape: readonly number[],
  heat: Plane | null,
): Omit<Plane, 'pixels'> & { readonly pixels: Uint8ClampedArray<ArrayBuffer> } {
  const { height, width, stride, offset } = planeOf(shape)
  const colours = new Uint8ClampedArray(4 * height * width)
  const [second, third] = shape[0] === 3 ? [stride, 2 * stride] : [0, 0]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = offset + y * width + x
      const strength = heat === null ? 0 : (0.75 / 255) * heatAt(heat, (y + 0.5) / height, (x + 0.5) / width)
      const to = 4 * (y * width + x)
      colours[to] = mix(pixels[at]!, 255, strength)
      colours[to + 1] = mix(pixels[at + second]!, 120, strength)
      colours[to + 2] = mix(pixels[at + third]!, 20, strength)
      colours[to + 3] = 255
    }
  }
  return { height, width, pixels: colours }
}

const mix = (value: number, glow: number, share: number): number => value * (1 - share) + glow * share

/** The heat at a place given as shares of height and width, between the middles of its places. */
function heatAt({ height, width, pixels }: Plane, y: number, x: number): number {
  const [row, column] = [clamp(y * height - 0.5, height), clamp(x * width - 0.5, width)]
  const [top, left] = [Math.floor(row), Math.floor(column)]
  const at = (dy: number, dx: number): number =>
    pixels[Math.min(top + dy, height - 1) * width + Math.min(left + dx, width - 1)]!
  const [down, right] = [row - top, column - left]
  return (
    (at(0, 0) * (1 - right) + at(0, 1) * right) * (1 - down) +
    (at(1, 0) * (1 - right) + at(1, 1) * right) * down
  )
}

const clamp = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value))

export function paint(
  canvas: HTMLCanvasElement,
  pixels: Uint8Array,
  shape: readonly number[],
  heat: Plane | null,
): void {
  const { height, width, pixels: colours } = toColours(pixels, shape, heat)
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')?.putImageData(new ImageData(colours, width, height), 0, 0)
}

/** Pixels of the longer side of a digit in MNIST's images. */
const BOX = 20

/** Side of the image that a drawing becomes: MNIST's. */
export const DIGIT_SIDE = 28
/** Samples a side for each of its pixels. */
const FINE = 4

/**
 * A drawing as MNIST's digits were prepared (LeCun et al. 1998): 28 x 28 values, what is drawn fills a box of 20 pixels, and
 * its centre of mass lies in the middle. An empty drawing gives an empty image. `drawn` is square, one value a pixel.
 */
export function centred(drawn: Uint8Array, side: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(DIGIT_SIDE * DIGIT_SIDE)
  const box = boundsOf(drawn, side)
  if (box === null) return result
  const pixel = Math.max(box.right - box.left, box.bottom - box.top) / BOX
  for (const i of result.keys()) {
    const [x, y] = [i % DIGIT_SIDE, Math.floor(i / DIGIT_SIDE)]
    let sum = 0
    for (let part = 0; part < FINE * FINE; part++) {
      const fromX = (x + ((part % FINE) + 0.5) / FINE - DIGIT_SIDE / 2) * pixel + box.massX
      const fromY = (y + (Math.floor(part / FINE) + 0.5) / FINE - DIGIT_SIDE / 2) * pixel + box.massY
      sum += between(drawn, side, fromX - 0.5, fromY - 0.5)
    }
    result[i] = Math.round(sum / FINE ** 2)
  }
  return result
}

function boundsOf(drawn: Uint8Array, side: number) {
  const box = { left: side, right: 0, top: side, bottom: 0, massX: 0, massY: 0 }
  let total = 0
  for (const [i, value] of drawn.entries()) {
    if (value === 0) continue
    const [x, y] = [i % side, Math.floor(i / side)]
    box.left = Math.min(box.left, x)
    box.right = Math.max(box.right, x + 1)
    box.top = Math.min(box.top, y)
    box.bottom = Math.max(box.bottom, y + 1)
    box.massX += value * (x + 0.5)
    box.massY += value * (y + 0.5)
    total += value
  }
  return total === 0 ? null : { ...box, massX: box.massX / total, massY: box.massY / total }
}

/** The value between four pixels. */
function between(drawn: Uint8Array, side: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [right, down] = [x - left, y - top]
  const at = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= side || row >= side ? 0 : drawn[row * side + column]!
  return (
    (at(left, top) * (1 - right) + at(left + 1, top) * right) * (1 - down) +
    (at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right) * down
  )
}
