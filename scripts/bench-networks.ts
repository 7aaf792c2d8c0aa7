import type { NetworkDocument } from '../core/network/schema.ts'
import { type Handle, network } from '../presets/builder.ts'
import { presetOf } from '../presets/index.ts'

/** One row of the benchmark's table. */
export interface Case {
  readonly network: string
  readonly batch: number
  readonly optimizer: 'sgd' | 'adam'
}

/** Six 3 x 3 convolutions with max pooling after every second one. */
function vggSmall(): NetworkDocument {
  const net = network('vgg-small')
  net.add('input', 'input', { shape: [3, 32, 32] })
  for (const [stage, filters] of [64, 128, 256].entries()) {
    for (const i of [1, 2]) {
      net.add('conv2d', `conv${stage}.${i}`, { filters, kernel: [3, 3] })
      net.add('relu', `relu${stage}.${i}`)
    }
    net.add('maxpool2d', `pool${stage}`)
  }
  net.add('flatten', 'flatten')
  net.add('dense', 'hidden', { units: 256 })
  net.add('relu', 'relu')
  net.add('dense', 'output', { units: 10 })
  return net.build()
}

/** Three dense blocks of six layers that add 12 maps each (Huang et al. 2016). */
function densenetSmall(): NetworkDocument {
  const net = network('densenet-small')
  const normed = (name: string, from?: Handle) => {
    net.add('batchnorm', `norm${name}`, {}, from)
    return net.add('relu', `relu${name}`)
  }
  net.add('input', 'input', { shape: [3, 32, 32] })
  let maps = net.add('conv2d', 'stem', { filters: 16, kernel: [3, 3], ...pads(3) })
  let channels = 16
  for (let block = 0; block < 3; block++) {
    for (let layer = 0; layer < 6; layer++) {
      const name = `${block}.${layer}`
      normed(name, maps)
      const grown = net.add('conv2d', `conv${name}`, { filters: 12, kernel: [3, 3], ...pads(3) })
      maps = net.add('concat', `concat${name}`, {}, [maps, grown])
      channels += 12
    }
    if (block === 2) break
    normed(`${block}`, maps)
    net.add('conv2d', `conv${block}`, { filters: channels, kernel: [1, 1], ...pads(1) })
    maps = net.add('avgpool2d', `pool${block}`)
  }
  normed('', maps)
  net.add('global-avgpool', 'mean')
  net.add('dense', 'output', { units: 10 })
  return net.build()
}

/** Padding that keeps the size at stride 1, given as PyTorch takes it; no bias. */
const pads = (kernel: number) => {
  const pad = (kernel - 1) / 2
  return { padding: 'explicit', pads: [pad, pad, pad, pad], bias: false } as const
}

const ownNetworks: Readonly<Record<string, () => NetworkDocument>> = {
  'vgg-small': vggSmall,
  'densenet-small': densenetSmall,
}

/** A network by its name: one of this file's or a preset at its own size. */
export function benchNetwork(name: string): NetworkDocument {
  const build = ownNetworks[name] ?? presetOf(name)?.build
  if (!build) throw new Error(`There is no network ${name}.`)
  return build()
}

/** The networks that speed has goals for. */
export const GOALS: readonly Case[] = [
  { network: 'lenet5-modern', batch: 64, optimizer: 'adam' },
  { network: 'lenet5-modern', batch: 64, optimizer: 'sgd' },
  { network: 'resnet-20-cifar', batch: 32, optimizer: 'sgd' },
  { network: 'vgg-small', batch: 32, optimizer: 'sgd' },
  { network: 'densenet-small', batch: 32, optimizer: 'sgd' },
]

const preset = (id: string, batch: number): Case => ({ network: id, batch, optimizer: 'sgd' })

/** Documented models at their own input size, with batches that leave room in 16 GB. */
export const PRESETS: readonly Case[] = [
  preset('lenet5', 64),
  preset('alexnet', 16),
  preset('zfnet', 16),
  preset('vgg-a', 4),
  preset('googlenet', 16),
  preset('resnet-18', 16),
  preset('resnet-50', 8),
  preset('preact-resnet-110', 32),
  preset('densenet-121', 8),
  preset('densenet-bc-100', 16),
  preset('wrn-16-8', 16),
]
