/**
 * Numbers as the window shows them: exact with thousands separators wherever a count has room, shortened to four
 * significant digits where it has none, and the same in both languages (Korean keeps the commas).
 */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 60000 -> `60,000`; a dash where there is no number. */
export const count = (n: number): string => (Number.isFinite(n) ? whole.format(n) : '–')

const steps: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
]

/** Exact below 100,000, else four significant digits and an SI prefix: 61706 -> `61,706`, 724406208 -> `724.4 M`. */
export function short(n: number): string {
  if (!Number.isFinite(n)) return '–'
  if (Math.abs(n) < 100_000) return count(n)
  let at = steps.findIndex(([size]) => Math.abs(n) >= size)
  // 999,960 would read "1,000 k"
  if (at > 0 && Math.abs(n) / steps[at]![0] >= 999.95) at--
  const [size, prefix] = steps[at]!
  return `${Number.parseFloat((n / size).toPrecision(4))} ${prefix}`
}

/** Bytes with binary prefixes and three significant digits: 196608 -> `192 KiB`. */
export function bytes(n: number): string {
  if (!Number.isFinite(n)) return '–'
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let size = n
  let at = 0
  while (size >= 1000 && at < names.length - 1) {
    size /= 1024
    at++
  }
  return at === 0
    ? `${Math.round(size)} B`
    : `${trimmed(size, size < 10 ? 2 : size < 100 ? 1 : 0)} ${names[at]}`
}

const trimmed = (n: number, digits: number) => `${Number.parseFloat(n.toFixed(digits))}`

/** A share as percent: 0.91404 -> `91.4%`. `digits` are those behind the point, kept even when zero. */
export const percent = (share: number | null, digits = 1): string =>
  share === null || !Number.isFinite(share) ? '–' : `${(share * 100).toFixed(digits)}%`

/** Seconds as a clock: 154 -> `2:34`, 3754 -> `1:02:34`; below ten seconds one decimal, `4.2 s`. */
export function clock(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–'
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const all = Math.round(seconds)
  const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return h > 0 ? `${count(h)}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** Things a second, exact from ten up: 9740.4 -> `9,740`, 7.42 -> `7.4`. */
export const rate = (n: number): string => (n >= 10 ? count(n) : Number.isFinite(n) ? trimmed(n, 1) : '–')

/** A loss: four significant digits without an exponent down to 1e-4. */
export function loss(n: number | null): string {
  if (n === null || !Number.isFinite(n)) return n === null || Number.isNaN(n) ? '–' : n > 0 ? '∞' : '−∞'
  if (n !== 0 && Math.abs(n) < 1e-4) return n.toExponential(2)
  return Math.abs(n) >= 1000 ? count(n) : n.toFixed(Math.abs(n) >= 100 ? 1 : Math.abs(n) >= 10 ? 2 : 4)
}

/** A small setting such as a learning rate: 0.001 -> `0.001`, 0.0000125 -> `1.25e-5`. */
export function small(n: number): string {
  if (!Number.isFinite(n)) return '–'
  if (n === 0) return '0'
  if (Math.abs(n) < 1e-4) return n.toExponential(2).replace(/\.?0+e/, 'e')
  return `${Number.parseFloat(n.toPrecision(3))}`
}

/** [1, 28, 28] -> `1×28×28`, channel first as the papers print it. */
export const shape = (sizes: readonly number[] | null): string => (sizes ? sizes.join('×') : '–')
