import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../../analysis/analyze.ts'
import { createOnnxExecutor } from '../../../engine/executors/onnx.ts'
import { layoutOf } from '../../../engine/layout.ts'
import { readNpy } from '../../../formats/npy.ts'
import { decodeModel, encodeModel, type ModelProto } from '../../../formats/onnx/proto.ts'
import { floatTensor, floatValue } from '../../../formats/onnx/tensor.ts'
import { importNetwork } from '../index.ts'

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'test', 'golden', 'data', 'onnx')
const read = (name: string): Uint8Array => readFileSync(join(folder, name))

describe('networks that PyTorch exported', () => {
  it.each(['torch.onnx', 'torch-folded.onnx'])('%s gives the logits that PyTorch gave', async (name) => {
    const { document, weights, notes } = await importNetwork({ name, bytes: read(name) })
    expect(notes.map((note) => note.en)).toEqual([expect.stringContaining('how pixels become its input')])
    expect(analyze(document).issues.filter(({ severity }) => severity === 'error')).toEqual([])
    const { slots, size } = layoutOf(document)
    const all = new Float32Array(size)
    for (const { name: weight, offset } of slots) {
      all.set(weights.find((array) => array.name === weight)!.data, offset)
    }
    const [images, expected] = [readNpy(read('input.npy')), readNpy(read('logits.npy'))]
    const session = await createOnnxExecutor(ort, { threads: 1 }).inference(document, images.shape[0]!)
    await session.setWeights(all)
    const logits = await session.run(images.data)
    await session.dispose()
    expect(Math.max(...expected.data) - Math.min(...expected.data)).toBeGreaterThan(0.1)
    expect(Math.max(...logits.map((value, i) => Math.abs(value - expected.data[i]!)))).toBeLessThan(1e-5)
  })

  it('keep the names of their weights', async () => {
    const { document } = await importNetwork({ name: 'torch.onnx', bytes: read('torch.onnx') })
    const kinds = new Map(document.layers.map(({ name, kind }) => [name, kind]))
    expect(Object.fromEntries(kinds)).toMatchObject({
      'stem.0': 'conv2d',
      'stem.1': 'batchnorm',
      left: 'conv2d',
      norm: 'instancenorm',
      up: 'transposed-conv2d',
      silu1: 'silu',
      gelu1: 'gelu',
      fc: 'dense',
    })
  })
})

it('takes the response norm of ONNX, whose alpha is divided by the number of channels', async () => {
  const floats = (name: string, f: number) => ({ name, type: 1, f })
  const bytes = encodeModel({
    irVersion: 8,
    opsetImport: [{ version: 17 }],
    graph: {
      name: 'g',
      node: [
        {
          ...{ opType: 'Concat', input: ['x'], output: ['one'] },
          attribute: [{ name: 'axis', type: 2, i: 1 }],
        },
        {
          ...{ opType: 'LRN', input: ['one'], output: ['y'] },
          attribute: [{ name: 'size', type: 2, i: 5 }, floats('alpha', 0.5), floats('bias', 2)],
        },
      ],
      initializer: [],
      input: [floatValue('x', ['n', 6, 2, 2])],
      output: [floatValue('y', ['n', 6, 2, 2])],
    },
  })
  const { document } = await importNetwork({ name: 'x.onnx', bytes })
  // what joins one thing alone is no layer
  expect(document.layers[1]).toMatchObject({ kind: 'lrn', params: { n: 5, k: 2, alpha: 0.1, beta: 0.75 } })
})

describe('graphs that can not become networks', () => {
  const model = (change: (model: ModelProto) => void): Uint8Array => {
    const small: ModelProto = {
      irVersion: 8,
      opsetImport: [{ domain: '', version: 17 }],
      graph: {
        name: 'g',
        node: [
          { opType: 'Relu', name: 'r', input: ['x'], output: ['a'] },
          { opType: 'Flatten', input: ['a'], output: ['b'] },
          { opType: 'Gemm', input: ['b', 'w'], output: ['y'] },
        ],
        initializer: [floatTensor('w', new Float32Array(36), [12, 3])],
        input: [floatValue('x', ['n', 3, 2, 2])],
        output: [floatValue('y', ['n', 3])],
      },
    }
    change(small)
    return encodeModel(small)
  }
  const load = (change: (model: ModelProto) => void = () => {}) =>
    importNetwork({ name: 'x.onnx', bytes: model(change) })

  it('have every node named that there is no layer for', async () => {
    const wrong = load(({ graph }) => {
      graph.node[0]!.opType = 'Mish'
      graph.node.splice(1, 0, { opType: 'Foo', name: 'f', domain: 'com.acme', input: ['x'], output: ['q'] })
      graph.node.splice(2, 0, { opType: 'Add', name: 'joined', input: ['a', 'q'], output: ['s'] })
      graph.node[3]!.input = ['s']
    })
    await expect(wrong).rejects.toThrow(
      'x.onnx has 2 nodes that can\'t become layers: Mish "r" (there is no layer like it); com.acme.Foo "f" (there is no layer like it). Export a part without them.',
    )
    await expect(wrong).rejects.toMatchObject({ name: 'ImportError', code: 'unsupported' })
  })

  it('are told what does not fit', async () => {
    const noSize = load(({ graph }) => {
      graph.input = [floatValue('x', ['n', 3, 'h', 2])]
    })
    await expect(noSize).rejects.toThrow('the input x is [n, 3, h, 2]: all sizes but the batch must be fixed')
    const two = load(({ graph }) => graph.input.push(floatValue('mask', ['n', 1])))
    await expect(two).rejects.toThrow('2 inputs (x, mask) and 1 outputs (y)')
    const short = load(({ graph }) => {
      graph.initializer[0]!.rawData = new Uint8Array(8)
    })
    await expect(short).rejects.toThrow('w: its shape [12, 3] has 36 values and the file 2')
    const weights = load(({ graph }) => {
      graph.initializer[0] = floatTensor('w', new Float32Array(30), [10, 3])
    })
    await expect(weights).rejects.toThrow('Gemm "Gemm_2" (its matrix is [10, 3] and it reads [12])')
    await expect(importNetwork({ name: 'x.onnx', bytes: Uint8Array.of(8, 8, 255, 255) })).rejects.toThrow(
      'x.onnx: not a usable ONNX file',
    )
    await expect(importNetwork({ name: 'x.txt', bytes: Uint8Array.of(1) })).rejects.toThrow(
      'x.txt is of no format that is read',
    )
  })

  it('are refused when they go round, or ask for memory that they do not fill', async () => {
    const round = load(({ graph }) => {
      graph.node[0]!.input = ['b']
    })
    await expect(round).rejects.toThrow('its output y is made by no node, or by nodes that are not in order')
    const away = load(({ graph }) => {
      graph.output = [floatValue('z', ['n', 3])]
    })
    await expect(away).rejects.toThrow('its output z is made by no node')
    const bomb = load(({ graph }) => {
      const side = 2 ** 14
      graph.initializer.push(floatTensor('p', new Float32Array(side), [side, 1]))
      graph.initializer.push(floatTensor('q', new Float32Array(side), [1, side]))
      graph.node.unshift({ opType: 'Add', name: 'bomb', input: ['p', 'q'], output: ['pq'] })
      graph.node[1]!.input = ['pq']
    })
    await expect(bomb).rejects.toThrow('Add "bomb" (it reads a constant)')
  })

  it('say what nothing reads, and read weights beside them', async () => {
    const { notes } = await load(({ graph }) =>
      graph.node.push({ opType: 'Softmax', name: 's', input: ['y'], output: ['p'] }),
    )
    expect(notes.map((note) => note.en)).toContain(
      'Left out, since nothing of it reaches the output: Softmax (s).',
    )
    const outside = decodeModel(model(() => {}))
    const values = Float32Array.from({ length: 36 }, (_, i) => i)
    const tensor = {
      ...{ name: 'w', dims: [12, 3], dataType: 1, dataLocation: 1 },
      externalData: [
        { key: 'location', value: 'weights.bin' },
        { key: 'offset', value: '4' },
      ],
    }
    outside.graph.initializer = [tensor as never]
    const bytes = new Uint8Array([0, 0, 0, 0, ...new Uint8Array(values.buffer)])
    const { weights } = await importNetwork({ name: 'x.onnx', bytes: encodeModel(outside) }, (path) => {
      expect(path).toBe('weights.bin')
      return bytes
    })
    // a row a unit
    expect([...weights[0]!.data.slice(0, 3)]).toEqual([0, 3, 6])
    const missing = importNetwork({ name: 'x.onnx', bytes: encodeModel(outside) })
    await expect(missing).rejects.toThrow('in weights.bin, which was not given')
  })
})
