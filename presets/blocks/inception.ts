import type { Handle, NetworkBuilder, ParamsFor } from '../builder.ts'
import { square } from './convolution.ts'

/** How an inception network's convolutions are made: the paper's with a bias, or later practice's with batch norm. */
export type ConvStyle = 'plain' | 'batchnorm'

/** Filters of the four branches, as a row of table 1 of Szegedy et al. 2014 has them. */
export interface Branches {
  readonly one: number
  readonly three: readonly [reduce: number, filters: number]
  readonly five: readonly [reduce: number, filters: number]
  readonly pool: number
  /** Kernel of the third branch: 5 in the paper. */
  readonly kernel?: number
}

/** Convolution (and batch norm) and ReLU: `name`, `name-bn`, `name-relu`. */
export function styledConv(
  net: NetworkBuilder,
  name: string,
  params: ParamsFor<'conv2d'>,
  style: ConvStyle,
  from?: Handle,
): Handle {
  net.add('conv2d', name, style === 'batchnorm' ? { ...params, bias: false } : params, from)
  if (style === 'batchnorm') net.add('batchnorm', `${name}-bn`, { epsilon: 0.001 })
  return net.add('relu', `${name}-relu`)
}

/** The module with 1x1 reductions (figure 2b). Layer names are the branch's names behind `prefix`. */
export function inceptionModule(
  net: NetworkBuilder,
  prefix: string,
  { one, three, five, pool, kernel = 5 }: Branches,
  style: ConvStyle,
): Handle {
  const start = net.last()
  const conv = (name: string, filters: number, size: number, from?: Handle) =>
    styledConv(net, `${prefix}${name}`, { filters, ...square(size) }, style, from)
  const first = conv('1x1', one, 1, start)
  conv('3x3-reduce', three[0], 1, start)
  const second = conv('3x3', three[1], 3)
  conv('5x5-reduce', five[0], 1, start)
  const third = conv('5x5', five[1], kernel)
  net.add('maxpool2d', `${prefix}pool`, { kernel: [3, 3], stride: [1, 1], padding: 'same' }, start)
  const fourth = conv('pool-proj', pool, 1)
  return net.add('concat', `${prefix}concat`, {}, [first, second, third, fourth])
}

/** The naive module (figure 2a): pooling keeps all of its channels. */
export function naiveInceptionModule(
  net: NetworkBuilder,
  filters: { readonly one: number; readonly three: number; readonly five: number },
): Handle {
  const start = net.last()
  const first = styledConv(net, '1x1', { filters: filters.one, ...square(1) }, 'plain', start)
  const second = styledConv(net, '3x3', { filters: filters.three, ...square(3) }, 'plain', start)
  const third = styledConv(net, '5x5', { filters: filters.five, ...square(5) }, 'plain', start)
  const pool = net.add('maxpool2d', 'pool', { kernel: [3, 3], stride: [1, 1], padding: 'same' }, start)
  return net.add('concat', 'concat', {}, [first, second, third, pool])
}
