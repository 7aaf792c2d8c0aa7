import type { NetworkDocument } from '../core/network/schema.ts'
import { type Handle, network } from '../presets/builder.ts'
import { presetOf } from '../presets/index.ts'

/** A network that bench_torch.py has too, under the same name. */
export interface BenchNetwork {
  readonly input: readonly number[]
  readonly build: () => NetworkDocument
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

/** ResNet-20 of He et al. 2015 for CIFAR-10, with 1 x 1 convolutions where shapes change (shortcut B). */
function resnet20(): NetworkDocument {
  const net = network('resnet-20')
  let count = 0
  const conv = (filters: number, kernel: number, stride: number, from?: Handle) => {
    const name = `conv${++count}`
    net.add(
      'conv2d',
      name,
      { filters, kernel: [kernel, kernel], stride: [stride, stride], ...pads(kernel) },
      from,
    )
    return net.add('batchnorm', `norm${count}`)
  }
  net.add('input', 'input', { shape: [3, 32, 32] })
  conv(16, 3, 1)
  let last = net.add('relu', 'relu')
  for (const [stage, filters] of [16, 32, 64].entries()) {
    for (let block = 0; block < 3; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1
      const name = `${stage}.${block}`
      conv(filters, 3, stride, last)
      net.add('relu', `relu${name}`)
      const main = conv(filters, 3, 1)
      const shortcut = stride === 1 ? last : conv(filters, 1, stride, last)
      net.add('add', `add${name}`, {}, [main, shortcut])
      last = net.add('relu', `out${name}`)
    }
  }
  net.add('global-avgpool', 'mean')
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

export const benchNetworks: Readonly<Record<string, BenchNetwork>> = {
  'lenet5-modern': { input: [1, 32, 32], build: () => presetOf('lenet5-modern')!.build() },
  'vgg-small': { input: [3, 32, 32], build: vggSmall },
  'resnet-20': { input: [3, 32, 32], build: resnet20 },
  'densenet-small': { input: [3, 32, 32], build: densenetSmall },
}
