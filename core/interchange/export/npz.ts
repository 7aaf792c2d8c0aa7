import type { NpyArray } from '../../formats/npy.ts'
import { writeNpz } from '../../formats/npz.ts'
import { text } from '../../network/text.ts'
import { type ExportFormat, weightsOf } from './format.ts'

/** Every weight as an array of its own name, as `numpy.savez` writes them: `numpy.load(path)['c1.weight']`. */
export const npz: ExportFormat = {
  id: 'npz',
  title: text('NumPy arrays', 'NumPy 배열'),
  ending: 'npz',
  write(request) {
    const arrays = weightsOf(request).map(({ name, shape, data }): [string, NpyArray] => [
      name,
      { shape, data: data as Float32Array },
    ])
    return [{ path: 'weights.npz', bytes: writeNpz(Object.fromEntries(arrays)) }]
  },
}
