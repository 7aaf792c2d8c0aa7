import { describe, expect, it } from 'vitest'
import { readNpz } from '../../formats/npz.ts'
import { readSafetensors } from '../../formats/safetensors.ts'
import { exportFormatIds } from '../../protocol/contract.ts'
import { exportFormatOf, exportFormats } from './index.ts'
import { chainOf, requestOf } from './testing.ts'

const request = requestOf(
  chainOf([
    ['input', 'input', { shape: [2, 6, 6] }],
    ['conv2d', 'c1', { filters: 3 }],
    ['batchnorm', 'c1-bn'],
    ['flatten', 'flatten'],
    ['dense', 'fc', { units: 4 }],
  ]),
)

it('writes every format that the contract lists', () => {
  expect(exportFormats.map(({ id }) => id)).toEqual([...exportFormatIds])
})

describe('weights alone', () => {
  it('go into .npz under their names, values and shapes as they are', async () => {
    const [file] = await exportFormatOf('npz').write(request)
    const npz = readNpz(file!.bytes, file!.path)
    expect(npz.names.toSorted()).toEqual(request.layout.slots.map(({ name }) => name).toSorted())
    for (const { name, shape, offset, size } of request.layout.slots) {
      const array = npz.read(name)
      expect([name, array.shape]).toEqual([name, shape])
      expect(array.data).toEqual(request.weights.subarray(offset, offset + size))
    }
  })

  it('go into safetensors with what they were trained on', async () => {
    const transform = { shape: [2, 6, 6], fit: 'resize', normalization: 'zero-one' } as const
    const trained = { ...request, data: { classes: ['a', 'b', 'c', 'd'], transform } }
    const [file] = await exportFormatOf('safetensors').write(trained)
    const { tensors, metadata } = readSafetensors(file!.bytes, file!.path)
    expect(tensors.map(({ name }) => name)).toEqual(request.layout.slots.map(({ name }) => name))
    expect(JSON.parse(metadata.classes!)).toEqual(['a', 'b', 'c', 'd'])
    expect(JSON.parse(metadata.input!)).toEqual(transform)
  })
})
