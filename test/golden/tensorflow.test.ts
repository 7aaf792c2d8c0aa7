import { readdirSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, test } from 'vitest'
import { createTensorflowExecutor } from '../../core/engine/executors/tensorflow/index.ts'
import { loadProgram, tensorsOf } from '../../core/engine/executors/tensorflow/run.ts'
import { apart } from './compare.ts'
import { type LayerCase, layerTrial } from './layer-program.ts'
import { firstOf, readNetworkRun } from './networks.ts'
import { DATA, readGolden } from './read.ts'
import { batchOf, firstWeights, readRun } from './training-run.ts'

/** In parts of each array's largest value; its error function is one of 1.5e-7. */
const FLOAT32 = 1e-5

beforeAll(async () => {
  tf.enableProdMode()
  await tf.setBackend('cpu')
})

const golden = readdirSync(new URL('layers/', DATA)).map((file) => {
  const content = readGolden(`layers/${file}`)
  const cases = JSON.parse(content.metadata.cases!) as LayerCase[]
  return { kind: file.replace('.safetensors', ''), content, cases }
})

describe.each(golden)("$kind on TensorFlow.js' CPU backend", ({ content, cases }) => {
  test.each(cases)('$name: value and gradients are those of PyTorch', (row) => {
    const { program, feeds, expected } = layerTrial(content, row)
    const loaded = loadProgram(tf, program)
    const outputs = loaded.run(tensorsOf(tf, program, feeds))
    for (const [name, values] of Object.entries(expected)) {
      expect(outputs[name]!.shape, name).toEqual(program.outputs.get(name)!.shape)
      expect(apart(outputs[name]!.dataSync(), values), name).toBeLessThan(FLOAT32)
    }
    for (const tensor of Object.values(outputs)) tensor.dispose()
    loaded.dispose()
  })
})

/** Relative to PyTorch's float64. */
const LOSS = 1e-4

/** Plain JavaScript is slow: enough steps to see what the first update did. */
const STEPS = 2

const lenet = () => {
  const run = readRun('lenet5-modern-adam.safetensors')
  return { run, first: (layout: Parameters<typeof firstWeights>[1]) => firstWeights(run, layout) }
}
const deep = (name: string) => () => {
  const run = readNetworkRun(name)
  return { run, first: (layout: Parameters<typeof firstOf>[1]) => firstOf(run, layout) }
}

const networks = {
  'lenet5-modern': lenet,
  'resnet-20': deep('resnet-20'),
  alexnet: deep('alexnet'),
  inception: deep('inception'),
  m5: deep('m5'),
}

test.each(Object.entries(networks))('%s: the first steps are those of PyTorch', async (_, read) => {
  const { run, first } = read()
  const session = await createTensorflowExecutor(async () => tf).training(run.document, run)
  await session.restore(first(session.layout), null)
  const { shape } = run.document.layers.find((layer) => layer.kind === 'input')!.params as { shape: number[] }
  const losses = run.golden.array('losses').data
  for (const [step, rate] of run.rates.slice(0, STEPS).entries()) {
    const { loss } = await session.step(batchOf(run, step, shape, session.classes), rate, 1)
    expect(Math.abs(loss - losses[step]!) / losses[step]!, `step ${step}`).toBeLessThan(LOSS)
  }
  await session.dispose()
})
