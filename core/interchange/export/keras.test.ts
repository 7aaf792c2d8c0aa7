import { describe, expect, it } from 'vitest'
import { presetOf } from '../../../presets/index.ts'
import { readHdf5 } from '../../formats/hdf5.ts'
import { readZip } from '../../formats/zip.ts'
import { snakeCase } from '../keras-terms.ts'
import { buildKeras } from './keras/build.ts'
import { keras, kerasWeights } from './keras-file.ts'
import { chainOf, requestOf } from './testing.ts'
import { tfjs } from './tfjs.ts'

const small = requestOf(
  chainOf([
    ['input', 'input', { shape: [2, 6, 6] }],
    ['conv2d', 'c1', { filters: 3, kernel: [3, 2] }],
    ['batchnorm', 'c1-bn'],
    ['relu', 'c1-relu'],
    ['dropout', 'drop'],
    ['flatten', 'flatten'],
    ['dense', 'fc', { units: 4 }],
  ]),
)

describe('Keras files', () => {
  it('hold what Keras 3 looks for, weights by the classes of layers', async () => {
    const [file] = await keras.write(small)
    const entries = new Map(readZip(file!.bytes, file!.path).map((entry) => [entry.path, entry.read()]))
    expect([...entries.keys()]).toEqual(['metadata.json', 'config.json', 'model.weights.h5'])
    const config = JSON.parse(new TextDecoder().decode(entries.get('config.json')))
    expect(config.class_name).toBe('Functional')
    expect(config.config.layers.map((layer: { class_name: string }) => layer.class_name)).toEqual([
      'InputLayer',
      'Conv2D',
      'BatchNormalization',
      'ReLU',
      'Dropout',
      'Permute',
      'Flatten',
      'Dense',
    ])
    const { arrays } = await readHdf5(entries.get('model.weights.h5')!, 'model.weights.h5')
    expect(arrays.map(({ path, shape }) => `${path} ${shape.join('x')}`)).toEqual([
      'layers/batch_normalization/vars/0 3',
      'layers/batch_normalization/vars/1 3',
      'layers/batch_normalization/vars/2 3',
      'layers/batch_normalization/vars/3 3',
      'layers/conv2d/vars/0 3x2x2x3',
      'layers/conv2d/vars/1 3',
      'layers/dense/vars/0 108x4',
      'layers/dense/vars/1 4',
      'layers/dropout/seed_generator/vars/0 2',
    ])
  })

  it('give dropout of whole maps nothing that Keras refuses', async () => {
    const [file] = await keras.write(
      requestOf(
        chainOf([
          ['input', 'input', { shape: [2, 6, 6] }],
          ['channel-dropout', 'drop'],
          ['flatten', 'f'],
          ['dense', 'fc', { units: 4 }],
        ]),
      ),
    )
    const entry = readZip(file!.bytes, file!.path).find(({ path }) => path === 'config.json')!
    const { layers } = JSON.parse(new TextDecoder().decode(entry.read())).config
    expect(layers[1]).toMatchObject({ class_name: 'SpatialDropout2D' })
    expect(Object.keys(layers[1].config).toSorted()).toEqual(['dtype', 'name', 'rate'])
  })

  it('have kernels with their axes in the order of Keras', async () => {
    const [file] = await kerasWeights.write(small)
    const { arrays } = await readHdf5(file!.bytes, file!.path)
    const kernel = arrays.find(({ path }) => path === 'layers/conv2d/vars/0')!
    const slot = small.layout.slots.find(({ name }) => name === 'c1.weight')!
    // filter 2, channel 1, row 2, column 0 of [3, 2, 3, 2], and the same place of [3, 2, 2, 3]
    expect(kernel.data[((2 * 2 + 0) * 2 + 1) * 3 + 2]).toBe(
      small.weights[slot.offset + ((2 * 2 + 1) * 3 + 2) * 2 + 0],
    )
  })

  it('name layers as Keras does', () => {
    expect(['Conv2DTranspose', 'BatchNormalization', 'ReLU', 'DepthwiseConv2D'].map(snakeCase)).toEqual([
      'conv2d_transpose',
      'batch_normalization',
      're_lu',
      'depthwise_conv2d',
    ])
  })
})

describe('what there are no words for', () => {
  it('is refused, every layer by its name with the reason', () => {
    const lenet5 = requestOf(presetOf('lenet5')!.build())
    expect(() => tfjs.write(lenet5)).toThrow(
      /c3 \(Partial conv 2D \(LeNet\)\): .*table of connections; output \(RBF output \(LeNet\)\): /,
    )
    expect(() => buildKeras(lenet5, 'keras')).toThrow(/choose ONNX or PyTorch/)
  })

  it('is padding of a maximum where zeros could win, but not behind a ReLU', () => {
    const pool = ['maxpool2d', 'pool', { kernel: [3, 3], padding: 'explicit', pads: [1, 1, 1, 1] }] as const
    const input = ['input', 'input', { shape: [1, 8, 8] }] as const
    const end = [
      ['flatten', 'flatten'],
      ['dense', 'fc', { units: 2 }],
    ] as const
    const classes = (layers: Parameters<typeof chainOf>[0]) =>
      buildKeras(requestOf(chainOf(layers)), 'keras').layers.map(({ className }) => className)
    expect(() => classes([input, pool, ...end])).toThrow(/put a ReLU before it/)
    expect(classes([input, ['relu', 'relu'], pool, ...end])).toContain('ZeroPadding2D')
  })
})
