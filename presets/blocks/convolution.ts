import type { Handle, NetworkBuilder, ParamsFor } from '../builder.ts'

/**
 * A square window with as much padding on each side, as the papers' frameworks pad: (kernel - 1) / 2. The padding
 * mode `same` would put it all behind when the stride is 2.
 */
export function square(kernel: number, stride = 1): ParamsFor<'conv2d'> {
  const side = (kernel - 1) / 2
  const padding =
    stride === 1 || kernel === 1
      ? {}
      : ({ padding: 'explicit', pads: [side, side, side, side] } satisfies ParamsFor<'conv2d'>)
  return { kernel: [kernel, kernel], ...(stride === 1 ? {} : { stride: [stride, stride] }), ...padding }
}

export interface Normalized {
  readonly filters: number
  readonly kernel: number
  readonly stride?: number
}

/** Convolution without bias, then batch norm: `name`, `name-bn`. */
export function convBn(
  net: NetworkBuilder,
  name: string,
  { filters, kernel, stride = 1 }: Normalized,
  from?: Handle,
): Handle {
  net.add('conv2d', name, { filters, ...square(kernel, stride), bias: false }, from)
  return net.add('batchnorm', `${name}-bn`)
}

/** Convolution, batch norm and ReLU: `name`, `name-bn`, `name-relu`. */
export function convBnRelu(net: NetworkBuilder, name: string, conv: Normalized, from?: Handle): Handle {
  convBn(net, name, conv, from)
  return net.add('relu', `${name}-relu`)
}

/** Batch norm, ReLU and convolution without bias, the order of pre-activation: `name-bn`, `name-relu`, `name`. */
export function bnReluConv(net: NetworkBuilder, name: string, conv: Normalized, from?: Handle): Handle {
  net.add('batchnorm', `${name}-bn`, {}, from)
  net.add('relu', `${name}-relu`)
  return net.add('conv2d', name, {
    filters: conv.filters,
    ...square(conv.kernel, conv.stride),
    bias: false,
  })
}

/** Convolution with bias and ReLU, as before batch norm: `name`, `name-relu`. */
export function convRelu(
  net: NetworkBuilder,
  name: string,
  params: ParamsFor<'conv2d'>,
  from?: Handle,
): Handle {
  net.add('conv2d', name, params, from)
  return net.add('relu', `${name}-relu`)
}
