import { type KerasLayer, Unsupported } from './model.ts'

/** Reads the configuration of a layer; each reader gives what Keras takes where nothing is said. */

export function numbers({ config }: KerasLayer, key: string, rank: number, usual: number): number[] {
  const value = config[key] ?? usual
  const list = Array.isArray(value) ? value : new Array<unknown>(rank).fill(value)
  if (list.length !== rank || !list.every((n) => Number.isInteger(n))) {
    throw new Unsupported(`its ${key} is ${JSON.stringify(value)}`)
  }
  return list as number[]
}

export function figure({ config }: KerasLayer, key: string, usual: number): number {
  const value = config[key] ?? usual
  if (typeof value !== 'number') throw new Unsupported(`its ${key} is ${JSON.stringify(value)}`)
  return value
}

export const flag = ({ config }: KerasLayer, key: string, usual: boolean): boolean =>
  typeof config[key] === 'boolean' ? config[key] : usual

/** `valid` or `same`. */
export function paddingOf({ config }: KerasLayer): 'valid' | 'same' | 'causal' {
  const padding = config.padding ?? 'valid'
  if (padding === 'valid' || padding === 'same' || padding === 'causal') return padding
  throw new Unsupported(`its padding is ${JSON.stringify(padding)}`)
}

/** [before, after] of each axis: `2`, `[1, 2]` or `[[1, 1], [0, 2]]`. */
export function amounts({ config }: KerasLayer, key: string, rank: number): [number, number][] {
  const value = config[key] ?? 1
  const list = Array.isArray(value) && !(rank === 1 && typeof value[0] === 'number') ? value : null
  const pairs = list
    ? list.map((one) => (Array.isArray(one) ? one : [one, one]))
    : rank === 1 && Array.isArray(value)
      ? [value]
      : new Array<unknown[]>(rank).fill([value, value])
  if (pairs.length !== rank || !pairs.flat().every((n) => Number.isInteger(n))) {
    throw new Unsupported(`its ${key} is ${JSON.stringify(value)}`)
  }
  return pairs as [number, number][]
}

export function assertChannelsLast({ config }: KerasLayer): void {
  if (config.data_format === 'channels_first') {
    throw new Unsupported('it has its channels first: save the model with channels last')
  }
}

/** Name of an activation, of either form; `linear` where there is none. */
export function activationOf({ config }: KerasLayer): string {
  const { activation } = config
  if (activation === undefined || activation === null) return 'linear'
  if (typeof activation === 'string') return activation
  const inner = activation as { config?: unknown; class_name?: unknown }
  if (typeof inner.config === 'string') return inner.config
  throw new Unsupported(`its activation is ${JSON.stringify(activation).slice(0, 60)}`)
}
