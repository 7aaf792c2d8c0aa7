import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { network } from '../../../presets/builder.ts'
import { presetOf } from '../../../presets/index.ts'
import { decodeModel } from '../../formats/onnx/proto.ts'
import type { NetworkDocument } from '../../network/schema.ts'
import { createOnnxExecutor } from '../executors/onnx.ts'
import { initialWeights, layoutOf } from '../layout.ts'
import { distinct, relativeError } from '../testing.ts'
import { exportOnnx } from './export.ts'

/** Every layer kind whose lowering could know the batch, beside those of the LeNets. */
const mixed = (): NetworkDocument => {
  const net = network('mixed')
  net.add('input', 'input', { shape: [3, 9, 9] })
  net.add('pad2d', 'pad', { amounts: [0, 1, 2, 0] })
  net.add('conv2d', 'conv', { filters: 4, kernel: [3, 3], stride: [2, 2] })
  net.add('sigmoid', 'sigmoid')
  net.add('avgpool2d', 'mean', { kernel: [2, 2], ceil: true, countPadding: true })
  net.add('dropout', 'dropout')
  net.add('flatten', 'flatten')
  net.add('dense', 'output', { units: 5 })
  net.add('softmax', 'softmax')
  return net.build()
}

const networks = [
  ['lenet5', presetOf('lenet5')!.build()],
  ['lenet5-modern', presetOf('lenet5-modern')!.build()],
  ['mixed', mixed()],
] as const

describe.each(networks)('the ONNX file of %s', (_, document) => {
  const weights = initialWeights(document, 1)
  const file = exportOnnx(document, weights)

  it.each([1, 7, 100])('gives the logits of the app for a batch of %i', async (batch) => {
    const inference = await createOnnxExecutor(ort, { threads: 1 }).inference(document, batch)
    const session = await ort.InferenceSession.create(file)
    try {
      await inference.setWeights(weights)
      const shape = [batch, ...(document.layers[0]!.params.shape as number[])]
      const images = distinct(
        shape.reduce((product, n) => product * n, 1),
        batch,
        0,
        1,
      )
      const expected = await inference.run(images)
      const { logits } = await session.run({ input: new ort.Tensor('float32', images, shape) })
      expect(logits!.dims).toEqual([batch, inference.classes])
      expect(relativeError(logits!.data as Float32Array, expected)).toBeLessThan(1e-5)
    } finally {
      await inference.dispose()
      await session.release()
    }
  })

  it('names its weights, leaves the batch free and uses standard operators alone', () => {
    const { graph, opsetImport, irVersion, producerName, docString } = decodeModel(file)
    expect(opsetImport.map(({ domain, version }) => [domain ?? '', version])).toEqual([['', 17]])
    expect([irVersion, producerName, docString]).toEqual([8, 'Layerloom', document.name])
    const shapes = new Map(graph.initializer.map(({ name, dims }) => [name, dims]))
    for (const slot of layoutOf(document).slots) expect(shapes.get(slot.name), slot.name).toEqual(slot.shape)
    const batches = [...graph.input, ...graph.output].map(({ name, type }) => [
      name,
      type?.tensorType.shape?.dim[0]?.dimParam,
    ])
    expect(batches).toEqual([
      ['input', 'batch'],
      ['logits', 'batch'],
    ])
  })

  it("passes the onnx package's checker", ({ skip }) => {
    const python = '/usr/bin/python3'
    if (spawnSync(python, ['-c', 'import onnx']).status !== 0) {
      console.log('Skipped: python3-onnx is not installed, so no checker of its own looked at the ONNX file.')
      skip()
    }
    const folder = mkdtempSync(join(tmpdir(), 'layerloom-onnx-'))
    try {
      writeFileSync(join(folder, 'model.onnx'), file)
      const code =
        'import onnx, sys; m = onnx.load(sys.argv[1]); onnx.checker.check_model(m, full_check=True); print(len(m.graph.node))'
      const run = spawnSync(python, ['-c', code, join(folder, 'model.onnx')], { encoding: 'utf8' })
      expect(run.stderr).toBe('')
      expect(Number(run.stdout)).toBe(decodeModel(file).graph.node.length)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

it('refuses weights of another number', () => {
  const document = presetOf('lenet5-modern')!.build()
  expect(() => exportOnnx(document, new Float32Array(5))).toThrow('The network has 61706 weights; 5 came.')
})
