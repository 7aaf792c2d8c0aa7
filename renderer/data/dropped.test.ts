import { expect, it } from 'vitest'
import { folderOf, isNetwork, usableAs } from './dropped.ts'

const file = (name: string) => ({ name, folder: false, inside: [] })
const folder = (name: string, ...inside: string[]) => ({ name, folder: true, inside })

it.each([
  [file('숫자.csv'), undefined, { source: 'csv', parent: false }],
  [file('table.TSV'), undefined, { source: 'csv', parent: false }],
  [file('train.csv.gz'), undefined, { source: 'csv', parent: false }],
  [file('a.npz'), undefined, { source: 'npz', parent: false }],
  [file('개와 고양이.zip'), undefined, { source: 'folder', parent: false }],
  [file('a.tar.gz'), undefined, { source: 'folder', parent: false }],
  [file('a.tgz'), undefined, { source: 'folder', parent: false }],
  [file('train-images-idx3-ubyte.gz'), undefined, { source: 'mnist', parent: true }],
  [file('t10k-labels.idx1-ubyte'), '/d/Fashion/t10k', { source: 'fashion-mnist', parent: true }],
  [file('data_batch_1.bin'), undefined, { source: 'cifar10', parent: true }],
  [file('photo.jpg'), undefined, null],
  [file('notes.gz'), undefined, null],
  [folder('사진', '개', '고양이'), undefined, { source: 'folder', parent: false }],
  [folder('mnist', 'train-images-idx3-ubyte'), undefined, { source: 'mnist', parent: false }],
  [
    folder('raw', 'train-images-idx3-ubyte'),
    '/d/FashionMNIST/raw',
    { source: 'fashion-mnist', parent: false },
  ],
  [folder('cifar-10-batches-bin', 'test_batch.bin'), undefined, { source: 'cifar10', parent: false }],
  [folder('a.zip'), undefined, { source: 'folder', parent: false }],
])('%o', (dropped, path, use) => {
  expect(usableAs(dropped, path)).toEqual(use)
})

it('knows the folder of a file on every system', () => {
  expect(folderOf('/home/민수/mnist/t10k-images-idx3-ubyte')).toBe('/home/민수/mnist')
  expect(folderOf('C:\\Data\\mnist\\t10k-images-idx3-ubyte')).toBe('C:\\Data\\mnist')
})

it('leaves networks to the editor', () => {
  expect(['a.layerloom', 'b.json', 'c.zip'].map(isNetwork)).toEqual([true, true, false])
})
