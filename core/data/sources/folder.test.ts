import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { gzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { encodeTar } from '../archives/testing.ts'
import { DataError, type Dataset, leftOut } from '../dataset.ts'
import { channelSums, describe as summarize } from '../describe.ts'
import { encodePng } from '../images/testing.ts'
import { split } from '../split.ts'
import { loadDataset } from './index.ts'
import type { SourceOptions } from './source.ts'
import { memoryFiles } from './testing.ts'

type Files = Record<string, Uint8Array>

/** A gray image whose every pixel has the given value. */
const gray = (value: number, width = 2, height = 2): Uint8Array =>
  encodePng({ width, height, samples: new Array(width * height).fill(value) })
const colour = (r: number, g: number, b: number): Uint8Array =>
  encodePng({ width: 2, height: 2, type: 2, samples: [r, g, b, r, g, b, r, g, b, r, g, b] })

const load = (files: Files, options: Partial<SourceOptions> = {}, path = 'd'): Promise<Dataset> =>
  loadDataset(`folder:${path}`, memoryFiles(files), { seed: 1, ...options })

async function refusal(files: Files, options: Partial<SourceOptions> = {}, path = 'd'): Promise<string> {
  const error = await load(files, options, path).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(DataError)
  const { message } = error as DataError
  expect(message).not.toContain('\n')
  return message
}

/** Value of the first pixel of every sample. */
const firsts = ({ pixels, count }: Dataset): number[] =>
  Array.from({ length: count }, (_, i) => pixels[(i * pixels.length) / count]!)

const animals: Files = { 'd/개/2.png': gray(2), 'd/개/1.png': gray(1), 'd/고양이/3.png': gray(3) }
const inside = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path.slice(2), bytes]))
const tar = (files: Files): Uint8Array =>
  encodeTar(
    Object.entries(files).map(([path, content]) => ({ path: new TextEncoder().encode(path), content })),
  )

describe('a folder of images', () => {
  test('a folder a class, in the order of names', async () => {
    const dataset = await load(animals)
    expect(dataset).toMatchObject({
      source: 'folder:d',
      classes: ['개', '고양이'],
      shape: [1, 2, 2],
      count: 3,
      trainCount: null,
      skipped: [],
    })
    expect(firsts(dataset)).toEqual([1, 2, 3])
    expect([...dataset.labels]).toEqual([0, 0, 1])
    expect(summarize(dataset)).not.toHaveProperty('skipped')
  })

  test.each([
    ['a.tar', (files: Files) => tar(files)],
    ['a.tar.gz', (files: Files) => gzipSync(tar(files))],
    ['a.TGZ', (files: Files) => gzipSync(tar(files))],
    ['a.zip', (files: Files) => zipSync(files)],
  ])('%s holds the same', async (name, pack) => {
    const plain = await load(animals)
    for (const around of ['', './', 'wrapped/once/']) {
      const files = Object.fromEntries(
        Object.entries(inside(animals)).map(([path, bytes]) => [around + path, bytes]),
      )
      const dataset = await load({ [name]: pack(files) }, {}, name)
      expect({ ...dataset, source: plain.source }).toEqual(plain)
    }
  })

  test('train and test parts, in any case, with images deeper down', async () => {
    const parted: Files = {
      'd/Train/a/x/1.png': gray(1),
      'd/Train/b/2.png': gray(2),
      'd/Train/a/3.png': gray(3),
      'd/test/b/4.png': gray(4),
    }
    const dataset = await load(parted)
    expect(dataset).toMatchObject({ classes: ['a', 'b'], count: 4, trainCount: 3 })
    expect(firsts(dataset)).toEqual([3, 1, 2, 4])
    expect([...dataset.labels]).toEqual([0, 0, 1, 1])
    // a validation part goes before a test part
    const three = await load({ ...parted, 'd/val/a/5.png': gray(5) })
    expect(firsts(three)).toEqual([3, 1, 2, 5])
    // one part alone is to be split
    const alone = await load({ 'd/train/a/1.png': gray(1), 'd/train/b/2.png': gray(2) })
    expect(alone).toMatchObject({ classes: ['a', 'b'], trainCount: null })
  })

  test('two classes called train and test are classes', async () => {
    const dataset = await load({ 'd/train/1.png': gray(1), 'd/test/2.png': gray(2) })
    expect(dataset).toMatchObject({ classes: ['test', 'train'], trainCount: null })
  })

  test('names written in two ways are one class', async () => {
    const files = {
      'd/가/1.png': gray(1),
      [`d/${'가'.normalize('NFD')}/2.png`]: gray(2),
      'd/나/3.png': gray(3),
    }
    expect((await load(files)).classes).toEqual(['가', '나'])
  })

  test('gray among colour becomes colour', async () => {
    const dataset = await load({ 'd/a/1.png': gray(9), 'd/b/2.png': colour(1, 2, 3) })
    expect(dataset.shape).toEqual([3, 2, 2])
    expect([...dataset.pixels]).toEqual([...new Array(12).fill(9), 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
  })

  test('images of different sizes are brought to the network', async () => {
    const files = { 'd/a/1.png': gray(100, 2, 2), 'd/b/2.png': gray(200, 4, 2) }
    const pad = await load(files, { frame: { shape: [3, 2, 4], fit: 'pad' } })
    expect(pad.shape).toEqual([1, 2, 4])
    expect([...pad.pixels]).toEqual([0, 100, 100, 0, 0, 100, 100, 0, ...new Array(8).fill(200)])
    const resize = await load(files, { frame: { shape: [3, 1, 2], fit: 'resize' } })
    expect([...resize.pixels]).toEqual([100, 100, 200, 200])
    // nobody asks for a size: one that suits most
    expect((await load({ ...files, 'd/b/3.png': gray(1, 4, 2) })).shape).toEqual([1, 2, 4])
    expect((await load({ 'd/a/1.png': gray(1, 600, 300), 'd/b/2.png': gray(1, 9, 9) })).shape).toEqual([
      1, 128, 256,
    ])
  })

  test('a set larger than memory says how large', async () => {
    expect(await refusal(animals, { memory: 11 })).toMatch(/^d: 3 images of 1 x 2 x 2 take .* GB of memory/)
  })

  test('a limit decodes no more than that, of every class', async () => {
    const files: Files = {}
    for (let i = 0; i < 40; i++) files[`d/${i % 4 === 0 ? 'few' : 'many'}/${i}.png`] = gray(i)
    const dataset = await load(files, { limit: 8 })
    expect(summarize(dataset).perClass).toEqual([2, 6])
    expect(firsts(await load(files, { limit: 8 }))).toEqual(firsts(dataset))
    expect(firsts(await load(files, { limit: 8, seed: 2 }))).not.toEqual(firsts(dataset))
    expect(split(dataset, { validation: 0.25, seed: 1, limit: 8 }).train).toHaveLength(6)
    const progress: [number, number][] = []
    await load(files, { progress: (done, total) => progress.push([done, total]) })
    expect(progress).toEqual([[40, 40]])
  })
})

describe('what can not be used', () => {
  const good: Files = { ...animals, 'd/개/4.png': gray(4), 'd/고양이/5.png': gray(5) }

  test('is left out and told, file by file; the rest is used', async () => {
    const whole = gray(7)
    const dataset = await load({
      ...good,
      'd/개/0 broken.png': whole.subarray(0, 50),
      'd/고양이/empty.jpg': new Uint8Array(),
      'd/고양이/text.jpg': new TextEncoder().encode('no image'),
      'd/고양이/new.webp': new Uint8Array(9),
      'd/stray.png': gray(9),
    })
    expect(firsts(dataset)).toEqual([1, 2, 4, 3, 5])
    expect([...dataset.labels]).toEqual([0, 0, 0, 1, 1])
    expect(dataset.skipped).toEqual([
      leftOut('stray.png', { en: 'it lies in no class folder', ko: '클래스 폴더 밖에 있음' }),
      leftOut('개/0 broken.png', { en: 'truncated PNG', ko: '중간에 끊긴 PNG' }),
      leftOut('고양이/empty.jpg', { en: 'it is empty', ko: '빈 파일' }),
      leftOut('고양이/new.webp', {
        en: 'its format is not read: convert it to PNG, JPEG or BMP',
        ko: '지원하지 않는 형식(PNG, JPEG, BMP 중 하나로 변환 필요)',
      }),
      leftOut('고양이/text.jpg', {
        en: 'not a PNG, JPEG or BMP picture',
        ko: 'PNG, JPEG, BMP 이미지가 아님',
      }),
    ])
    expect(summarize(dataset).skipped).toHaveLength(5)
  })

  test('an image that breaks where its header is sound leaves no gap', async () => {
    const whole = gray(7)
    const dataset = await load({ ...good, 'd/개/10.png': whole.subarray(0, -4) })
    expect(firsts(dataset)).toEqual([1, 2, 4, 3, 5])
    expect(dataset.pixels).toHaveLength(20)
    expect(dataset.skipped).toEqual([{ file: '개/10.png', reason: 'truncated PNG', text: expect.anything() }])
    const parted = await load({
      'd/train/a/1.png': gray(1),
      'd/train/a/2.png': whole.subarray(0, -4),
      'd/train/b/3.png': gray(3),
      'd/val/b/4.png': gray(4),
    })
    expect(parted.trainCount).toBe(2)
  })

  test('is read without being kept where its images are taken one by one, and tells how far it is', async () => {
    const heard: string[] = []
    const files = { ...good, 'd/개/10.png': gray(7).subarray(0, -4) }
    const sums = channelSums(1)
    const dataset = await load(files, {
      measured: (done, total) => heard.push(`size ${done}/${total}`),
      progress: (done, total) => heard.push(`image ${done}/${total}`),
      take: (image, shape) => {
        expect(shape).toEqual([1, 2, 2])
        sums.add(image)
      },
    })
    expect(dataset.pixels).toHaveLength(0)
    expect(heard).toEqual([...[1, 2, 3, 4, 5, 6].map((done) => `size ${done}/6`), 'image 6/6'])
    const whole = await load(files)
    expect(summarize(dataset, sums.statistics())).toEqual(summarize(whole))
  })

  test('litter of systems and tools is not worth a word', async () => {
    const litter = { 'd/.git/a/b.png': gray(0), 'd/__MACOSX/개/._1.png': gray(0), 'd/개/.DS_Store': gray(0) }
    expect((await load({ ...good, ...litter, 'd/개/list.txt': gray(0) })).skipped).toEqual([])
  })

  test('paths that lead out of an archive', async () => {
    const escaping = tar({ ...inside(good), '../../etc/x.png': gray(1), '/root/x/y.png': gray(2) })
    const { skipped, classes } = await load({ 'a.tar': escaping }, {}, 'a.tar')
    expect(classes).toEqual(['root', '개', '고양이'])
    expect(skipped).toMatchObject([
      {
        file: '../../etc/x.png',
        reason: 'its path leads out of the archive',
        text: { ko: '압축 파일 밖을 가리키는 경로' },
      },
    ])
  })

  const bad = gray(1).subarray(0, 40)
  test.each([
    ['nothing', {}, /^d: is empty: expected a folder for each class with PNG, JPEG or BMP images$/],
    ['no images', { 'd/a/b.txt': gray(0) }, /^d: no class folders with images: expected/],
    ['images without folders', { 'd/1.png': gray(0) }, /^d: no class folders with images/],
    ['one class', { 'd/cat/1.png': gray(0) }, /^d: only one class \("cat"\): .*two at least$/],
    ['one class, wrapped', { 'd/x/cat/1.png': gray(0) }, /^d: only one class \("cat"\)/],
    [
      'nothing but broken files',
      { 'd/a/1.png': bad, 'd/b/2.png': bad },
      /^d: 2 of 2 images can't be used, e\.g\. a\/1\.png \(truncated PNG\): repair or remove them$/,
    ],
    [
      'more than half broken',
      { ...animals, 'd/개/4.png': bad, 'd/개/5.png': bad, 'd/개/6.png': bad, 'd/개/7.png': bad },
      /^d: 4 of 7/,
    ],
    [
      'more than half strays',
      { ...animals, 'd/4.png': bad, 'd/5.png': bad, 'd/6.webp': bad, 'd/7.png': bad },
      /^d: 4 of 7/,
    ],
    [
      'a class that is not trained',
      { 'd/train/a/1.png': gray(1), 'd/train/b/1.png': gray(1), 'd/test/c/1.png': gray(1) },
      /^d: class "c" has images to validate and none to train on/,
    ],
    [
      'a class beside the parts',
      { 'd/train/a/1.png': gray(1), 'd/test/a/1.png': gray(1), 'd/dogs/1.png': gray(1) },
      /^d: holds "dogs" beside folders to train and to validate/,
    ],
  ])('%s', async (_name, files, message) => {
    expect(await refusal(files as Files)).toMatch(message)
  })

  test('archives that are none, and no path', async () => {
    expect(await refusal({ 'a.zip': gray(1) }, {}, 'a.zip')).toMatch(/^a\.zip: not a whole ZIP archive/)
    expect(await refusal({ 'a.tar': new Uint8Array(600).fill(7) }, {}, 'a.tar')).toMatch(
      /^a\.tar: not a tar archive/,
    )
    expect(await refusal({ 'a.tgz': gray(1) }, {}, 'a.tgz')).toMatch(/^a\.tgz: broken gzip file/)
    expect(await refusal({}, {}, '')).toContain('write `folder:PATH`')
  })

  test('archives with any bytes changed: a set made of what is there, or a DataError', async () => {
    const archives = { 'a.zip': zipSync(inside(good)), 'a.tar': tar(inside(good)) }
    const change = fc.tuple(fc.nat(), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('a.zip' as const, 'a.tar' as const),
        fc.array(change, { minLength: 1, maxLength: 5 }),
        async (name, changes) => {
          const bytes = archives[name].slice()
          for (const [at, value] of changes) bytes[at % bytes.length] = value
          const result = await load({ [name]: bytes }, {}, name).catch((caught: unknown) => caught)
          if (result instanceof Error) expect(result).toBeInstanceOf(DataError)
          else expect((result as Dataset).pixels.length).toBeLessThan(2 ** 20)
        },
      ),
      { numRuns: 300 },
    )
  })
})

test('CIFAR-10 as JPEG images in an archive is read', async () => {
  const archive = fileURLToPath(
    new URL('../../../../shared/data/cifar10/cifar10-test-images.tar.gz', import.meta.url),
  )
  if (!existsSync(archive)) {
    console.log('CIFAR-10 images not checked: no shared/data/cifar10 beside the project')
    return
  }
  const files = { 'test.tar.gz': new Uint8Array(readFileSync(archive)) }
  const dataset = await load(files, { limit: 1000 }, 'test.tar.gz')
  expect(dataset).toMatchObject({ count: 1000, shape: [3, 32, 32], trainCount: null, skipped: [] })
  expect(dataset.classes).toEqual([
    ...['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  ])
  const { perClass, mean, std } = summarize(dataset)
  expect(perClass).toEqual(new Array(10).fill(100))
  // the whole set's published mean and deviation
  for (const [i, value] of [0.491, 0.482, 0.447].entries())
    expect(Math.abs(mean[i]! - value)).toBeLessThan(0.015)
  for (const [i, value] of [0.247, 0.243, 0.262].entries())
    expect(Math.abs(std[i]! - value)).toBeLessThan(0.01)
})
