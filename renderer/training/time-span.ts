type Translate = (key: string, values: { value: string }) => string

const UNITS = [
  { unit: 'days', size: 86_400 },
  { unit: 'hours', size: 3600 },
  { unit: 'minutes', size: 60 },
  { unit: 'seconds', size: 1 },
] as const

/** A time in the one unit that suits it: 40 -> `40 s`, 5400 -> `1.5 h`. */
export function timeSpan(seconds: number, t: Translate): string {
  const { unit, size } = UNITS.find((one) => seconds >= 1.5 * one.size) ?? UNITS[3]
  const amount = seconds / size
  const value = amount < 10 && unit !== 'seconds' ? amount.toFixed(1) : String(Math.ceil(amount))
  return t(`time.${unit}`, { value })
}
