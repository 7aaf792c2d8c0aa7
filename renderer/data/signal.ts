/** Columns that a signal is drawn in; each shows the least and the most of its part. */
const COLUMNS = 120
const HIGH = 100

/**
 * A signal as the path of an SVG of 120 x 100: its channels one below the other, each column from the least to the most
 * value of its part, so that no peak is lost however long it is.
 *
 * @param shape [channels, length]; values of `pixels` go from 0 to 255, channel by channel.
 */
export function signalPath(pixels: Uint8Array, [channels = 1, length = 0]: readonly number[]): string {
  const band = HIGH / channels
  const points: string[] = []
  for (let channel = 0; channel < channels; channel++) {
    const y = (value: number) => (channel * band + band * (1 - value / 255)).toFixed(1)
    for (let column = 0; column < Math.min(COLUMNS, length); column++) {
      const columns = Math.min(COLUMNS, length)
      const from = Math.floor((column * length) / columns)
      const to = Math.max(from + 1, Math.floor(((column + 1) * length) / columns))
      let [least, most] = [255, 0]
      for (let at = from; at < to; at++) {
        const value = pixels[channel * length + at]!
        least = Math.min(least, value)
        most = Math.max(most, value)
      }
      const x = ((column * COLUMNS) / Math.max(1, columns - 1)).toFixed(1)
      points.push(`${column === 0 ? 'M' : 'L'}${x} ${y(most)}`, `L${x} ${y(least)}`)
    }
  }
  return points.join('')
}
