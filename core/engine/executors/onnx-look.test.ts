import * as ort from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { network } from '../../../presets/builder.ts'
import { presetOf } from '../../../presets/index.ts'
import { compileLook } from '../compile.ts'
import { weightFeeds } from '../feeds.ts'
import { initialWeights } from '../layout.ts'
import { generator } from '../random.ts'
import { relativeError } from '../testing.ts'
import { createOnnxExecutor } from './onnx.ts'
import { openLook } from './onnx-look.ts'
import { interpret } from './reference.ts'

const noise = (size: number, seed = 1) => {
  const next = generator([seed])
  return Float32Array.from({ length: size }, () => (next() >>> 0) / 2 ** 32 - 0.5)
}

it('sees what the layers put out, and the same logits as evaluation', async () => {
  const document = presetOf('lenet5-modern')!.build()
  const weights = initialWeights(document, 3)
  const image = noise(32 * 32)
  const shown = document.layers.filter(({ kind }) => kind !== 'input').map(({ id }) => id)
  const look = await openLook(ort, document, weights, { layers: shown })
  const { logits, layers, cause } = await look.run(image, 0)
  await look.dispose()
  expect(cause).toBeNull()

  const compiled = compileLook(document, 1, { layers: shown })
  const truth = interpret(compiled.program, { images: image, ...weightFeeds(compiled, weights) })
  for (const id of shown) {
    const { shape, values } = layers.get(id)!
    expect(values).toHaveLength(shape.reduce((product, side) => product * side, 1))
    expect([id, relativeError(values, truth[`layer.${id}`]!.data) < 1e-5]).toEqual([id, true])
  }
  const session = await createOnnxExecutor(ort, { threads: 1 }).inference(document, 1)
  await session.setWeights(weights)
  expect(relativeError(logits, await session.run(image))).toBeLessThan(1e-6)
  await session.dispose()
})

it('gives the gradient of one class with respect to a layer, equal to central differences', async () => {
  const net = network('small')
  const input = net.add('input', 'input', { shape: [2, 4, 4] })
  net.add('conv2d', 'c1', { filters: 3, kernel: [3, 3], padding: 'same' })
  net.add('batchnorm', 'c1-bn')
  net.add('tanh', 'c1-tanh')
  net.add('global-avgpool', 'gap')
  net.add('dense', 'fc', { units: 3 })
  const rest = net.build()
  const weights = initialWeights(rest, 5)
  const image = noise(32, 9)
  const target = 2
  const look = await openLook(ort, rest, weights, { layers: [], cause: input.id })
  const { cause } = await look.run(image, target)
  const logit = async (index: number, change: number) => {
    const nudged = image.slice()
    nudged[index]! += change
    return (await look.run(nudged, target)).logits[target]!
  }
  const eps = 1e-2
  const slopes = new Float32Array(32)
  for (let i = 0; i < 32; i++) slopes[i] = ((await logit(i, eps)) - (await logit(i, -eps))) / (2 * eps)
  await look.dispose()
  expect(cause!.output.shape).toEqual([2, 4, 4])
  expect(Math.max(...slopes.map(Math.abs))).toBeGreaterThan(0.01)
  expect(relativeError(cause!.gradient.values, slopes)).toBeLessThan(2e-3)
})
