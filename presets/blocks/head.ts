import type { NetworkBuilder } from '../builder.ts'

/** Global average pooling and a linear classifier, as every network from GoogLeNet on ends: `pool`, `fc`. */
export function pooledHead(net: NetworkBuilder, classes: number): void {
  net.add('global-avgpool', 'pool')
  net.add('dense', 'fc', { units: classes })
}

/** An image input of three channels, standardized: `input`. */
export function imageInput(net: NetworkBuilder, size: number): void {
  net.add('input', 'input', { shape: [3, size, size], normalization: 'standardize' })
}
