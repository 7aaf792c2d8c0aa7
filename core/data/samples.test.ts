import { describe, expect, test } from 'vitest'
import { augmented } from './augment.ts'
import { catalogOf } from './catalog.ts'
import { encodePng } from './images/testing.ts'
import { openSamples, type SamplesQuestion } from './samples.ts'
import { loadDataset, openCatalog } from './sources/index.ts'
import { memoryFiles } from './sources/testing.ts'
import { split } from './split.ts'
import { prepare } from './transform.ts'

type Files = Record<string, Uint8Array>

const gray = (value: number, width = 2, height = 2): Uint8Array =>
  encodePng({ width, height, samples: new Array(width * height).fill(value) })

const files: Files = {
  'd/ant/1.png': gray(10),
  'd/ant/2.png': gray(20, 4, 2),
  'd/ant/note.gif': gray(1),
  'd/bee/3.png': gray(30),
  'd/bee/broken.png': Uint8Array.of(1, 2, 3),
}
const plain: SamplesQuestion = {
  ...{ seed: 1, validation: 0.25, order: 'stored', offset: 0, count: 10, variants: 0 },
  input: { shape: [1, 2, 4], fit: 'pad' },
}
const ask = async (question: Partial<SamplesQuestion> = {}, contents = files) =>
  openSamples(await openCatalog('folder:d', memoryFiles(contents), { seed: 1 })).read({
    ...plain,
    ...question,
  })

describe('single samples of a folder', () => {
  test('come as the network gets them, beside what is wrong with those that can not be read', async () => {
    const answer = await ask()
    expect(answer).toMatchObject({
      ...{ total: 4, count: 4, classes: ['ant', 'bee'], perClass: [2, 2], published: false },
      ...{ shape: [1, 2, 4], trainCount: 3, validationCount: 1 },
      skipped: [{ file: 'ant/note.gif' }],
    })
    expect(answer.samples.map(({ name, shape }) => [name, shape])).toEqual([
      ['ant/1.png', [1, 2, 2]],
      ['ant/2.png', [1, 2, 4]],
      ['bee/3.png', [1, 2, 2]],
      ['bee/broken.png', undefined],
    ])
    expect(answer.samples[3]!.error).toContain('not a PNG')
    expect([...answer.pixels]).toEqual([
      ...[0, 10, 10, 0, 0, 10, 10, 0],
      ...[20, 20, 20, 20, 20, 20, 20, 20],
      ...[0, 30, 30, 0, 0, 30, 30, 0],
      ...[0, 0, 0, 0, 0, 0, 0, 0],
    ])
  })

  test('read no file that is not asked for', async () => {
    const read: string[] = []
    const access = memoryFiles(files)
    const spied = {
      ...access,
      read: (path: string) => {
        read.push(path)
        return access.read(path)
      },
    }
    const reader = openSamples(await openCatalog('folder:d', spied, { seed: 1 }))
    expect(read).toEqual([])
    await reader.read({ ...plain, offset: 1, count: 2 })
    expect(read).toEqual(['d/ant/2.png', 'd/bee/3.png'])
  })

  test('are filtered by class and by part, each sample in the part that a run puts it in', async () => {
    const bees = await ask({ class: 1 })
    expect(bees.samples.map(({ label }) => label)).toEqual([1, 1])
    expect(bees.total).toBe(2)
    const held = await ask({ part: 'validation' })
    expect(held.samples.map(({ part }) => part)).toEqual(['validation'])
    const all = { ...files, 'd/bee/broken.png': gray(40) }
    const dataset = await loadDataset('folder:d', memoryFiles(all), { seed: 1, frame: plain.input })
    const parts = split(dataset, { validation: 0.25, seed: 1 })
    expect((await ask({ part: 'train' }, all)).samples.map(({ index }) => index)).toEqual([...parts.train])
  })

  test('show the first one as it is kept', async () => {
    const { original } = await ask({ offset: 1, count: 1, original: true })
    expect(original?.shape).toEqual([1, 2, 4])
    expect([...original!.pixels]).toEqual(new Array(8).fill(20))
  })
})

describe('samples in memory', () => {
  const load = () => loadDataset('digits', memoryFiles({}), { seed: 1, limit: 60 })

  test('are varied as the first epochs vary them', async () => {
    const dataset = await load()
    const augment = { shift: 0.2, rotate: 15 }
    const input = { shape: [1, 32, 32], fit: 'pad' as const }
    const question = { ...plain, input, seed: 7, offset: 3, count: 2, variants: 2, augment }
    const { samples, pixels } = await openSamples(catalogOf(dataset)).read(question)
    expect(samples.map(({ index }) => index)).toEqual([3, 4])
    const transform = { ...input, normalization: 'zero-one' as const }
    const write = augmented(prepare(dataset, transform), augment, transform, 7, 1, {})
    const expected = new Float32Array(32 * 32)
    write(4, expected, 0)
    const got = pixels.subarray(5 * 1024, 6 * 1024)
    expect([...got]).toEqual([...expected].map((value) => Math.round(255 * Math.min(1, Math.max(0, value)))))
    expect(pixels.subarray(4 * 1024, 5 * 1024)).not.toEqual(got)
  })

  test('come in the order of the first epoch, validation behind, and fewer where they are large', async () => {
    const dataset = await load()
    const reader = openSamples(catalogOf(dataset))
    const { samples } = await reader.read({ ...plain, input: undefined, order: 'feed', count: 60 })
    expect(samples.map(({ index }) => index)).not.toEqual(samples.map((_, i) => i))
    expect(samples.slice(45).every(({ part }) => part === 'validation')).toBe(true)
    expect(new Set(samples.map(({ index }) => index)).size).toBe(60)
    const large = { shape: [3, 1024, 1024], fit: 'resize' as const }
    expect((await reader.read({ ...plain, input: large, count: 60 })).samples).toHaveLength(4)
  })

  test('have their colours shifted along the axes of the data', async () => {
    const dataset = await load()
    const augment = { pca: 0.5 }
    const { samples, pixels } = await openSamples(catalogOf(dataset)).read({
      ...{ ...plain, input: { shape: [3, 28, 28], fit: 'pad' }, count: 1, variants: 1, augment },
    })
    expect(samples[0]!.error).toBeUndefined()
    expect(pixels.subarray(0, 3 * 784)).not.toEqual(pixels.subarray(3 * 784))
  })
})
