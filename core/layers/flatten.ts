import { text } from '../network/text.ts'
import { defineLayer } from './kind.ts'
import { product } from './shape.ts'

export const flatten = defineLayer({
  kind: 'flatten',
  title: text('Flatten', '펼치기'),
  category: 'dense',
  version: 1,
  inputs: [{ name: 'in' }],
  summary: text(
    'Writes all maps one after another as a single vector, row by row.',
    '모든 맵을 행 순서대로 이어 벡터 하나로 만듭니다.',
  ),
  params: {},
  inferShape: (_p, [shape]) => [product(shape!)],
  forward: (b, _p, [x]) => b.reshape(x!, [x!.shape[0]!, product(x!.shape.slice(1))]),
  examples: [
    { inputs: [[16, 5, 5]], output: [400], trainable: 0, macs: 0 },
    { inputs: [[120, 1, 1]], output: [120], trainable: 0, macs: 0 },
    { inputs: [[84]], output: [84], trainable: 0, macs: 0 },
  ],
})
