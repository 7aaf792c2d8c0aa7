import { expect, it } from 'vitest'
import { readHdf5, writeHdf5 } from './hdf5.ts'

const values = Float32Array.from({ length: 24 }, (_, i) => i / 7)

it('reads back what it writes, groups and shapes as they are', async () => {
  const arrays = [
    { path: 'layers/conv2d/vars/0', shape: [2, 3, 4], data: values },
    { path: 'layers/conv2d/vars/1', shape: [1], data: Float32Array.of(-1) },
    { path: 'layers/dropout/seed_generator/vars/0', shape: [2], data: Uint32Array.of(1, 2 ** 32 - 1) },
  ]
  const bytes = await writeHdf5(arrays, ['layers/flatten/vars'])
  expect([...bytes.subarray(0, 4)]).toEqual([0x89, 0x48, 0x44, 0x46])
  const content = await readHdf5(bytes, 'a.h5')
  expect(content.arrays.map(({ path, shape }) => `${path} ${shape.join('x')}`)).toEqual([
    'layers/conv2d/vars/0 2x3x4',
    'layers/conv2d/vars/1 1',
    'layers/dropout/seed_generator/vars/0 2',
  ])
  expect(content.arrays[0]!.data).toEqual(values)
  expect(content.texts.has('layers/flatten/vars')).toBe(true)
})

it('says in a line that a file is damaged', async () => {
  const bytes = await writeHdf5([{ path: 'a', shape: [24], data: values }])
  await expect(readHdf5(bytes.subarray(0, 600), 'b.h5')).rejects.toThrow(/^b\.h5: damaged HDF5 file/)
  await expect(readHdf5(Uint8Array.of(1, 2, 3), 'c.h5')).rejects.toThrow(/^c\.h5: damaged/)
})
