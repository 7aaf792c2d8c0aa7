import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { createOnnxExecutor } from '../../../engine/executors/onnx.ts'
import { layoutOf } from '../../../engine/layout.ts'
import { relativeError } from '../../../engine/testing.ts'
import { type AttributeProto, encodeModel, type NodeProto } from '../../../formats/onnx/proto.ts'
import { floatTensor, floatValue, int64Tensor } from '../../../formats/onnx/tensor.ts'
import { importNetwork } from '../index.ts'

type Attribute = number | string | readonly number[]

/** Numbers with a point are floats, e.g. `'alpha.'`. */
function attributesOf(given: Readonly<Record<string, Attribute>>): AttributeProto[] {
  return Object.entries(given).map(([key, value]) => {
    const name = key.replace('.', '')
    if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) }
    if (typeof value !== 'number') return { name, type: 7, ints: [...value] }
    return key.endsWith('.') ? { name, type: 1, f: value } : { name, type: 2, i: value }
  })
}

const node = (
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): NodeProto => ({
  ...{ opType, name: `${opType} of ${output[0]}`, input: [...input], output: [...output] },
  attribute: attributesOf(attributes),
})

const wave = (size: number, step = 0.7): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(1 + step * i))

interface Graph {
  readonly nodes: readonly NodeProto[]
  readonly shape?: readonly number[]
  readonly opset?: number
}

/** A graph from `x` to `y`, with constants that the nodes below read. */
function modelOf({ nodes, shape = [4, 6, 6], opset = 17 }: Graph): Uint8Array {
  const scalar = (name: string, value: number) => floatTensor(name, Float32Array.of(value), [])
  return encodeModel({
    irVersion: 8,
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: 'g',
      node: [...nodes],
      initializer: [
        ...[scalar('zero', 0), scalar('six', 6), scalar('half', 0.5)],
        floatTensor('twice', Float32Array.of(1, 1, 2, 2), [4]),
        floatTensor('wider', Float32Array.of(1, 1, 2, 3), [4]),
        ...[int64Tensor('large', [2, 4, 18, 18], [4]), int64Tensor('parts', [1, 3], [2])],
        ...[int64Tensor('around', [0, 0, 1, 2, 0, 0, 2, 1], [8]), int64Tensor('maps', [2, 3], [2])],
        ...[int64Tensor('groups', [2], [1]), int64Tensor('keep', [0], [1]), int64Tensor('rest', [6, 6], [2])],
        ...[int64Tensor('whole', [0, 4, 6, 6], [4]), int64Tensor('ring', [1, 3, 0, 2], [4])],
        ...[int64Tensor('channels', [1], [1]), int64Tensor('sides', [2, 1], [2])],
        ...[floatTensor('w', wave(432), [144, 3]), floatTensor('b', wave(3, 2), [1, 3])],
        floatTensor('wt', wave(432, 1.3), [3, 144]),
      ],
      input: [floatValue('x', ['n', ...shape])],
      output: [{ name: 'y' } as never],
    },
  })
}

/** Kinds of the layers that came, and how far their outputs are from ONNX Runtime's for the graph itself. */
async function imported(graph: Graph) {
  const bytes = modelOf(graph)
  const shape = graph.shape ?? [4, 6, 6]
  const input = wave(2 * shape.reduce((size, side) => size * side, 1), 0.37)
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 })
  const { y } = await session.run({ x: new ort.Tensor('float32', input, [2, ...shape]) })
  await session.release()
  const { document, weights } = await importNetwork({ name: 'x.onnx', bytes })
  const layout = layoutOf(document)
  const all = new Float32Array(layout.size)
  for (const { name, offset } of layout.slots) {
    all.set(weights.find((array) => array.name === name)!.data as Float32Array, offset)
  }
  const own = await createOnnxExecutor(ort, { threads: 1 }).inference(document, 2)
  await own.setWeights(all)
  const logits = await own.run(input)
  await own.dispose()
  const kinds = document.layers.slice(1).map(({ kind }) => kind)
  return { kinds, error: relativeError(logits, y!.data as Float32Array) }
}

const pooled = (from: string) => [node('GlobalAveragePool', [from], ['p']), node('Flatten', ['p'], ['y'])]
const placed = (from: string) => [node('Flatten', [from], ['y'])]

describe('graphs give what ONNX Runtime makes of them', () => {
  const cases: readonly (readonly [name: string, nodes: readonly NodeProto[], kinds: readonly string[]])[] = [
    [
      'Resize to the nearest place, at its corner',
      [
        node('Resize', ['x', '', 'twice'], ['a'], {
          ...{ mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
        }),
        ...placed('a'),
      ],
      ['upsample', 'flatten'],
    ],
    [
      'Resize to the nearest place, at its middle, by the size',
      [node('Resize', ['x', '', '', 'large'], ['a'], { mode: 'nearest' }), ...placed('a')],
      ['upsample', 'flatten'],
    ],
    [
      'Resize to the nearest place, at its middle, halves going up',
      [
        node('Resize', ['x', '', 'twice'], ['a'], { mode: 'nearest', nearest_mode: 'round_prefer_ceil' }),
        ...placed('a'),
      ],
      ['upsample', 'flatten'],
    ],
    [
      'Resize by interpolation',
      [
        node('Resize', ['x', '', 'twice'], ['a'], {
          ...{ mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel' },
        }),
        ...placed('a'),
      ],
      ['upsample', 'flatten'],
    ],
    [
      'Split into equal parts, one of them unread',
      [
        node('Split', ['x'], ['a', 'b1', 'c', 'd'], { axis: 1 }),
        node('Add', ['b1', 'd'], ['e']),
        ...placed('e'),
      ],
      ['slice', 'slice', 'add', 'flatten'],
    ],
    [
      'Split into given parts',
      [
        node('Split', ['x', 'parts'], ['a', 'c'], { axis: -3 }),
        node('Concat', ['c', 'a'], ['d'], { axis: 1 }),
        ...placed('d'),
      ],
      ['slice', 'slice', 'concat', 'flatten'],
    ],
    [
      'Pad by reflection',
      [node('Pad', ['x', 'around'], ['a'], { mode: 'reflect' }), ...placed('a')],
      ['pad2d', 'flatten'],
    ],
    [
      'Pad with zeros that are given',
      [node('Pad', ['x', 'around', 'zero'], ['a']), ...placed('a')],
      ['pad2d', 'flatten'],
    ],
    [
      'Clip without a maximum',
      [node('Clip', ['x', 'zero'], ['a']), ...pooled('a')],
      ['relu', 'global-avgpool'],
    ],
    [
      'GlobalMaxPool',
      [node('GlobalMaxPool', ['x'], ['a']), node('Flatten', ['a'], ['y'])],
      ['global-maxpool'],
    ],
    [
      'ReduceMax over maps',
      [node('ReduceMax', ['x'], ['y'], { axes: [-1, 2], keepdims: 0 })],
      ['global-maxpool'],
    ],
    [
      'ReduceMean over maps',
      [node('ReduceMean', ['x'], ['y'], { axes: [2, 3], keepdims: 0 })],
      ['global-avgpool'],
    ],
    [
      'Gemm with factors',
      [node('Flatten', ['x'], ['a']), node('Gemm', ['a', 'w', 'b'], ['y'], { 'alpha.': 0.5, 'beta.': 2 })],
      ['flatten', 'dense'],
    ],
    [
      'Gemm with the matrix turned and one shift for all',
      [node('Flatten', ['x'], ['a']), node('Gemm', ['a', 'wt', 'half'], ['y'], { transB: 1 })],
      ['flatten', 'dense'],
    ],
    [
      'Gemm with a factor and a shift behind it',
      [
        node('Flatten', ['x'], ['a']),
        node('Gemm', ['a', 'w'], ['c'], { 'alpha.': 0.25 }),
        node('Add', ['c', 'half'], ['y']),
      ],
      ['flatten', 'dense', 'batchnorm'],
    ],
  ]
  it.each(cases)('%s', async (_name, nodes, kinds) => {
    const { error, ...made } = await imported({ nodes })
    expect(made.kinds).toEqual(kinds)
    expect(error).toBeLessThan(1e-5)
  })

  it('channels mixed by sizes that are worked out as it runs', async () => {
    const nodes = [
      node('Shape', ['x'], ['s']),
      node('Gather', ['s', 'channels'], ['c']),
      node('Div', ['c', 'groups'], ['d']),
      node('Concat', ['keep', 'groups', 'd', 'rest'], ['long'], { axis: 0 }),
      node('Reshape', ['x', 'long'], ['a']),
      node('Transpose', ['a'], ['b1'], { perm: [0, 2, 1, 3, 4] }),
      node('Reshape', ['b1', 'whole'], ['e']),
      ...pooled('e'),
    ]
    const { kinds, error } = await imported({ nodes })
    expect(kinds).toEqual(['reshape', 'permute', 'reshape', 'global-avgpool'])
    expect(error).toBeLessThan(1e-6)
  })

  it('Upsample of operator set 9', async () => {
    const { kinds, error } = await imported({
      nodes: [node('Upsample', ['x', 'twice'], ['a'], { mode: 'nearest' }), ...placed('a')],
      opset: 9,
    })
    expect(kinds).toEqual(['upsample', 'flatten'])
    expect(error).toBeLessThan(1e-6)
  })

  it('Pad whose axes are named', async () => {
    const nodes = [node('Pad', ['x', 'ring', 'zero', 'maps'], ['a']), ...placed('a')]
    const { kinds, error } = await imported({ nodes, opset: 18 })
    expect(kinds).toEqual(['pad2d', 'flatten'])
    expect(error).toBeLessThan(1e-6)
    const channels = [node('Pad', ['x', 'parts', 'zero', 'channels'], ['a']), ...placed('a')]
    const refused = imported({ nodes: channels, opset: 18 })
    await expect(refused).rejects.toThrow('it fills up other axes than those of maps')
  })
})

describe('nodes without a layer are named, with what is the matter', () => {
  const cases: readonly (readonly [nodes: readonly NodeProto[], reason: string])[] = [
    [
      [node('Clip', ['x', 'zero', 'six'], ['a']), ...pooled('a')],
      'Clip "Clip of a" (it cuts values off at 6, which no layer does)',
    ],
    [
      [node('Clip', ['x', 'half'], ['a']), ...pooled('a')],
      'Clip "Clip of a" (it cuts values off at 0.5, which no layer does)',
    ],
    [
      [node('HardSwish', ['x'], ['a']), ...pooled('a')],
      'HardSwish "HardSwish of a" (there is no layer like it)',
    ],
    [
      [node('HardSigmoid', ['x'], ['a']), ...pooled('a')],
      'HardSigmoid "HardSigmoid of a" (there is no layer like it)',
    ],
    [
      [node('Resize', ['x', '', 'wider'], ['a'], { mode: 'nearest' }), ...pooled('a')],
      'Resize "Resize of a" (it makes maps 2 × 3 times as large: a layer takes one whole factor for all axes)',
    ],
    [
      [node('Resize', ['x', '', 'twice'], ['a'], { mode: 'nearest', nearest_mode: 'floor' }), ...pooled('a')],
      'Resize "Resize of a" (it takes values by nearest, half_pixel, floor, which no layer does)',
    ],
    [
      [node('Resize', ['x', '', 'twice'], ['a'], { mode: 'cubic' }), ...pooled('a')],
      'Resize "Resize of a" (it takes values by cubic, half_pixel, which no layer does)',
    ],
    [
      [
        node('Resize', ['x', '', 'twice'], ['a'], {
          ...{ mode: 'linear', coordinate_transformation_mode: 'align_corners' },
        }),
        ...pooled('a'),
      ],
      'it takes values by linear, align_corners, which no layer does',
    ],
    [
      [node('Pad', ['x', 'around'], ['a'], { mode: 'edge' }), ...pooled('a')],
      'Pad "Pad of a" (it fills up by "edge")',
    ],
    [
      [node('Pad', ['x', 'around', 'half'], ['a']), ...pooled('a')],
      'Pad "Pad of a" (it fills up with 0.5, where a layer has zeros)',
    ],
    [
      [node('Split', ['x'], ['a', 'b1'], { axis: 2 }), ...pooled('a')],
      'Split "Split of a" (it cuts along other axes than channels)',
    ],
    [
      [node('ReduceMax', ['x'], ['y'], { axes: [1], keepdims: 0 })],
      'ReduceMax "ReduceMax of y" (it takes maxima along other axes than the maps)',
    ],
    [
      [
        node('Flatten', ['x'], ['a']),
        node('Gemm', ['a', 'w'], ['c'], { transA: 1 }),
        node('Add', ['c', 'half'], ['y']),
      ],
      'Gemm "Gemm of c" (it turns its input around)',
    ],
  ]
  it.each(cases)('%#: $1', async (nodes, reason) => {
    const wrong = importNetwork({ name: 'x.onnx', bytes: modelOf({ nodes }) })
    await expect(wrong).rejects.toMatchObject({ name: 'ImportError', code: 'unsupported' })
    await expect(wrong).rejects.toThrow(reason)
  })
})
