import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { network } from '../../presets/builder.ts'
import { type KindName, kinds } from '../layers/index.ts'
import type { NetworkDocument } from '../network/schema.ts'
import { compileInference } from './compile.ts'
import { interpret } from './executors/reference.ts'
import { weightFeeds } from './feeds.ts'
import { initialWeights, layoutOf } from './layout.ts'
import { exportOnnx } from './lowering/export.ts'
import { sizeOf } from './ops/primitive.ts'
import { distinct, relativeError } from './testing.ts'

/** Elements of a sample above which an example is left to the other tests. */
const SMALL = 30_000
/** What puts out the classes itself, takes in the images, or is left out of exports. */
const ENDS = ['auxiliary', 'input', 'rbf']

const rows = kinds
  .filter(({ kind }) => !ENDS.includes(kind))
  .flatMap(({ kind, examples }) =>
    examples
      .filter(({ inputs, output }) => [...inputs, output].every((shape) => sizeOf(shape) <= SMALL))
      .map((example, i) => ({ name: `${kind} ${i + 1}`, kind: kind as KindName, example })),
  )

/** The layer between an input that is cut into pieces of the example's shapes and a classifier of two units. */
function around({ kind, example }: (typeof rows)[number]): NetworkDocument {
  const net = network(kind)
  const sizes = example.inputs.map(sizeOf)
  const images = net.add('input', 'in', { shape: [sizes.reduce((sum, n) => sum + n, 0), 1, 1] })
  let begin = 0
  const pieces = example.inputs.map((shape, i) => {
    const piece = net.add('slice', `piece${i}`, { begin, count: sizes[i]! }, images)
    begin += sizes[i]!
    return net.add('reshape', `shape${i}`, { shape }, piece)
  })
  net.add(kind, 'layer', (example.params ?? {}) as never, pieces)
  net.add('flatten', 'flat')
  net.add('dense', 'out', { units: 2 })
  return net.build()
}

describe('an exported layer takes batches of any size', () => {
  it.each(rows)('$name', async (row) => {
    const document = around(row)
    const weights = initialWeights(document, 1)
    // running variances must not be negative
    const { trainable } = layoutOf(document)
    weights.set(distinct(weights.length - trainable, 2, 0.5, 1.5), trainable)
    const session = await ort.InferenceSession.create(exportOnnx(document, weights), { logSeverityLevel: 3 })
    for (const batch of [1, 4]) {
      const compiled = compileInference(document, batch)
      const shape = [batch, ...compiled.inputShape]
      const images = distinct(sizeOf(shape), 5, -1, 1)
      const { logits } = await session.run({ input: new ort.Tensor('float32', images, shape) })
      const expected = interpret(compiled.program, { images, ...weightFeeds(compiled, weights) })
      expect(logits!.dims).toEqual([batch, 2])
      expect(relativeError(logits!.data as Float32Array, expected.logits!.data)).toBeLessThan(1e-5)
    }
    await session.release()
  })
})
