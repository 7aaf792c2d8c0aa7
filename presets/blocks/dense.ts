import type { NetworkBuilder } from '../builder.ts'
import { bnReluConv } from './convolution.ts'

export interface DenseForm {
  readonly growth: number
  /** Channels of the 1x1 convolution as a multiple of the growth rate; 0 for layers without one. */
  readonly bottleneck: number
  readonly dropout: number
}

/**
 * A dense block (Huang et al. 2016): every layer reads the maps of all layers before it, which the concat behind each
 * layer gathers. Gives the channels.
 */
export function denseBlock(
  net: NetworkBuilder,
  block: number,
  layers: number,
  channels: number,
  { growth, bottleneck, dropout }: DenseForm,
): number {
  net.group(`block${block}`, () => {
    for (let layer = 1; layer <= layers; layer++) {
      const name = `block${block}_${layer}`
      net.group(name, () => {
        const start = net.last()
        const widths = bottleneck > 0 ? [bottleneck * growth, growth] : [growth]
        for (const [i, filters] of widths.entries()) {
          const kernel = i === widths.length - 1 ? 3 : 1
          bnReluConv(net, `${name}-conv${i + 1}`, { filters, kernel })
          if (dropout > 0) net.add('dropout', `${name}-dropout${i + 1}`, { rate: dropout })
        }
        net.add('concat', `${name}-concat`, {}, [start, net.last()])
      })
    }
  })
  return channels + layers * growth
}

/** BN, ReLU, 1x1 convolution to `compression` of the channels, and 2x2 average pooling. Gives the channels. */
export function transition(
  net: NetworkBuilder,
  number: number,
  channels: number,
  compression: number,
): number {
  const kept = Math.floor(channels * compression)
  net.group(`transition${number}`, () => {
    bnReluConv(net, `transition${number}-conv`, { filters: kept, kernel: 1 })
    net.add('avgpool2d', `transition${number}-pool`)
  })
  return kept
}
