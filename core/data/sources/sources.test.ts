import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { gzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { DataError, type Dataset } from '../dataset.ts'
import { describe as summarize } from '../describe.ts'
import { gunzip } from './gzip.ts'
import { loadDataset, SOURCES } from './index.ts'
import { memoryFiles } from './testing.ts'

type Files = Record<string, Uint8Array>

function idx(magic: number, sizes: readonly number[], data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, magic)
  sizes.forEach((size, i) => {
    view.setUint32(4 + 4 * i, size)
  })
  bytes.set(data, 4 + 4 * sizes.length)
  return bytes
}

const ramp = (length: number, start = 0): Uint8Array => Uint8Array.from({ length }, (_, i) => start + i)
const images = (count: number, height = 2, width = 3, start = 0): Uint8Array =>
  idx(0x803, [count, height, width], ramp(count * height * width, start))
const labels = (...values: number[]): Uint8Array => idx(0x801, [values.length], Uint8Array.from(values))

const train: Files = {
  'd/train-images-idx3-ubyte': images(3),
  'd/train-labels-idx1-ubyte': labels(5, 0, 9),
}
const held: Files = {
  'd/t10k-images-idx3-ubyte.gz': gzipSync(images(2, 2, 3, 100)),
  'd/t10k-labels-idx1-ubyte.gz': gzipSync(labels(1, 2)),
}

const load = (source: string, files: Files = {}, limit?: number): Promise<Dataset> =>
  loadDataset(source, memoryFiles(files), { seed: 1, limit })

async function refusal(source: string, files: Files = {}, limit?: number): Promise<string> {
  const error = await load(source, files, limit).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(DataError)
  const { message } = error as DataError
  expect(message).not.toContain('\n')
  return message
}

describe('a source', () => {
  test('that is unknown is answered with the known ones', async () => {
    const message = await refusal('pictures:folder')
    for (const { usage } of SOURCES) expect(message).toContain(usage)
    expect(await refusal('')).toContain('unknown data source ""')
  })

  test('digits: 10,000 samples, fewer where a limit says so', async () => {
    const few = await load('digits', {}, 30)
    expect(few).toMatchObject({ count: 30, shape: [1, 28, 28], trainCount: null })
    expect(few.classes).toHaveLength(10)
    expect(summarize(few).perClass).toEqual(new Array(10).fill(3))
    expect((await load('digits')).count).toBe(10_000)
    expect(await refusal('digits:5')).toContain('takes nothing after its name')
  })

  test('random: noise of the wanted shape', async () => {
    const noise = await load('random:3x5x7/4', {}, 400)
    expect(noise).toMatchObject({ count: 400, shape: [3, 5, 7], trainCount: null })
    const { perClass, mean, std } = summarize(noise)
    expect(perClass).toEqual([100, 100, 100, 100])
    for (const value of mean) expect(value).toBeCloseTo(0.5, 1)
    for (const value of std) expect(value).toBeCloseTo(Math.sqrt(1 / 12), 1)
    expect((await load('random:3x224x224/10')).count).toBeGreaterThan(100)
  })

  test('random: signals and volumes', async () => {
    expect(await load('random:1x8000/4', {}, 8)).toMatchObject({ shape: [1, 8000], count: 8 })
    expect((await load('random:3x4x5x6/4', {}, 8)).pixels).toHaveLength(8 * 360)
  })

  test.each([
    ['random:', /expected channels x sides/],
    ['random:32/10', /like `random:3x32x32\/10`, `random:1x8000\/10`/],
    ['random:3x0x32/10', /0 is not a usable size/],
    ['random:3x99999x32/10', /99999 is not a usable size/],
    ['random:3x32x32/1', /1 classes can't be used/],
    ['random:4096x4096x4096/10', /more than 1073741824 bytes/],
  ])('%s is refused', async (source, message) => {
    expect(await refusal(source)).toMatch(message)
  })
})

describe('IDX folders', () => {
  test('both pairs: the t10k pair validates', async () => {
    const dataset = await load('mnist:d', { ...train, ...held })
    expect(dataset).toMatchObject({ source: 'mnist:d', count: 5, shape: [1, 2, 3], trainCount: 3 })
    expect([...dataset.labels]).toEqual([5, 0, 9, 1, 2])
    expect([...dataset.pixels]).toEqual([...ramp(18), ...ramp(12, 100)])
  })

  test('one pair: to be split', async () => {
    expect(await load('mnist:d', held)).toMatchObject({ count: 2, trainCount: null })
    const fashion = await load('fashion-mnist:d', train)
    expect(fashion).toMatchObject({ count: 3, trainCount: null })
    expect(fashion.classes[9]).toBe('Ankle boot')
  })

  test('names with a dot, as some archives unpack', async () => {
    const dotted = { 'd/train-images.idx3-ubyte': images(1), 'd/train-labels.idx1-ubyte': labels(3) }
    expect(await load('mnist:d', dotted)).toMatchObject({ count: 1 })
  })

  const broken = (files: Files): Files => ({ ...train, ...files })
  const imagesName = 'd/train-images-idx3-ubyte'
  const labelsName = 'd/train-labels-idx1-ubyte'
  test.each([
    [
      'truncated images',
      broken({ [imagesName]: images(3).subarray(0, 20) }),
      `${imagesName}: truncated IDX file: expected 34 bytes, came 20`,
    ],
    [
      'a truncated header',
      broken({ [imagesName]: images(3).subarray(0, 7) }),
      `${imagesName}: truncated IDX file: expected a header of 16 bytes, came 7`,
    ],
    [
      'truncated labels',
      broken({ [labelsName]: labels(1, 2, 3).subarray(0, 10) }),
      `${labelsName}: truncated IDX file: expected 11 bytes, came 10`,
    ],
    [
      'bytes left over',
      broken({ [labelsName]: Uint8Array.of(...labels(1, 2, 3), 0) }),
      `${labelsName}: IDX file with more bytes than it announces: expected 11 bytes, came 12`,
    ],
    [
      'labels where images should be',
      broken({ [imagesName]: idx(0x801, [4, 1, 1], ramp(4)) }),
      `${imagesName}: not an IDX file of images: expected it to start with 0x00000803, came 0x00000801`,
    ],
    [
      'fewer labels than images',
      broken({ [labelsName]: labels(1, 2) }),
      `${labelsName}: has 2 labels for the 3 images of ${imagesName}`,
    ],
    [
      'a label out of range',
      broken({ [labelsName]: labels(1, 10, 3) }),
      `${labelsName}: label 10 of item 1 is out of range: expected 0 to 9`,
    ],
    ['no images', broken({ [imagesName]: images(0) }), `${imagesName}: holds no images`],
    [
      'images without size',
      broken({ [imagesName]: idx(0x803, [3, 0, 3], ramp(0)) }),
      `${imagesName}: images of 0 x 3 pixels can't be used`,
    ],
    [
      'a header of billions',
      broken({ [imagesName]: idx(0x803, [0xffffffff, 4096, 4096], ramp(9)) }),
      `${imagesName}: truncated IDX file: expected 72057594021150740 bytes`,
    ],
    [
      'images without labels',
      { [imagesName]: images(3) },
      `${imagesName} has no partner: looked for train-labels-idx1-ubyte, train-labels-idx1-ubyte.gz`,
    ],
    ['labels without images', { [labelsName]: labels(3) }, 'looked for train-images-idx3-ubyte'],
    [
      'pairs of two sizes',
      { ...broken({}), 'd/t10k-images-idx3-ubyte': images(1, 4, 4), 'd/t10k-labels-idx1-ubyte': labels(1) },
      'd/t10k-images-idx3-ubyte: has images of 4 x 4 where',
    ],
    ['an empty folder', {}, 'd: no IDX files here: looked for train-images-idx3-ubyte[.gz]'],
  ])('%s', async (_name, files, message) => {
    expect(await refusal('mnist:d', files)).toContain(message)
  })

  test('no folder', async () => {
    expect(await refusal('mnist')).toContain('write `mnist:DIR`')
    expect(await refusal('mnist:')).toContain('write `mnist:DIR`')
  })
})

describe('gzip', () => {
  const packed = gzipSync(ramp(200))
  const changed = (at: number, value: number): Uint8Array =>
    packed.map((byte, i) => (i === at ? value : byte))

  test('unpacks what is whole', () => {
    expect(gunzip(packed, 'a.gz')).toEqual(ramp(200))
    expect(gunzip(gzipSync(new Uint8Array()), 'a.gz')).toHaveLength(0)
  })

  test.each([
    ['an empty file', new Uint8Array(), /0 bytes are too few/],
    ['another format', changed(0, 0x50), /does not start like one/],
    ['the half', packed.subarray(0, packed.length / 2), /broken gzip/],
    ['a changed byte', changed(40, packed[40]! ^ 1), /checksum|broken/],
    [
      'another checksum',
      changed(packed.length - 8, packed[packed.length - 8]! ^ 1),
      /checksum does not match/,
    ],
    ['a promise of four gigabytes', changed(packed.length - 1, 0xff), /can't hold the \d+ it promises/],
    ['a promise of one byte more', changed(packed.length - 4, 201), /expected 201 bytes unpacked, came 200/],
    ['a promise of one byte less', changed(packed.length - 4, 199), /checksum|bounds/],
  ])('%s', (_name, bytes, message) => {
    expect(() => gunzip(bytes, 'a.gz')).toThrow(DataError)
    expect(() => gunzip(bytes, 'a.gz')).toThrow(message)
    expect(() => gunzip(bytes, 'a.gz')).toThrow(/^a\.gz: broken gzip file .*: download it again$/)
  })
})

describe('CIFAR-10', () => {
  const record = (label: number, value: number): Uint8Array => {
    const bytes = new Uint8Array(3073).fill(value)
    bytes[0] = label
    return bytes
  }
  const batch = (n: number): Files => ({ [`c/data_batch_${n}.bin`]: record(n, 10 * n) })
  const all: Files = Object.assign({}, ...[1, 2, 3, 4, 5].map(batch))
  const testBatch: Files = { 'c/test_batch.bin': Uint8Array.of(...record(0, 7), ...record(9, 8)) }

  test('five batches train, the test batch validates', async () => {
    const dataset = await load('cifar10:c', { ...all, ...testBatch })
    expect(dataset).toMatchObject({ count: 7, shape: [3, 32, 32], trainCount: 5 })
    expect([...dataset.labels]).toEqual([1, 2, 3, 4, 5, 0, 9])
    expect(dataset.pixels[4 * 3072]).toBe(50)
    expect(dataset.pixels.at(-1)).toBe(8)
    expect(dataset.classes[9]).toBe('truck')
  })

  test('the test batch alone is to be split, and the folder of the archive is found', async () => {
    const inside = { 'c/cifar-10-batches-bin/test_batch.bin': testBatch['c/test_batch.bin']! }
    expect(await load('cifar10:c', inside)).toMatchObject({ count: 2, trainCount: null })
  })

  test.each([
    [
      'a missing batch',
      { ...batch(1), ...batch(2), ...batch(4), ...batch(5) },
      'c: data_batch_3.bin missing',
    ],
    [
      'nothing',
      {},
      'c: no CIFAR-10 batches here: looked for data_batch_1.bin to data_batch_5.bin and test_batch.bin',
    ],
    [
      'a truncated batch',
      { 'c/test_batch.bin': record(1, 1).subarray(0, 3000) },
      'c/test_batch.bin: truncated CIFAR-10 batch: expected 3073 bytes (records of 3073), came 3000',
    ],
    [
      'a label out of range',
      { 'c/test_batch.bin': record(10, 1) },
      'c/test_batch.bin: label 10 of item 0 is out of range',
    ],
    ['an empty batch', { 'c/test_batch.bin': new Uint8Array() }, 'c/test_batch.bin: holds no images'],
  ])('%s', async (_name, files, message) => {
    expect(await refusal('cifar10:c', files)).toContain(message)
  })

  test('no folder', async () => {
    expect(await refusal('cifar10')).toContain('write `cifar10:DIR`')
  })
})

describe('hostile files', () => {
  const survives = async (source: string, files: Files): Promise<void> => {
    const result = await load(source, files).catch((caught: unknown) => caught)
    if (result instanceof Error) {
      expect(result).toBeInstanceOf(DataError)
      expect(result.message).not.toContain('\n')
    } else {
      const { pixels, count } = result as Dataset
      const given = Object.values(files).reduce((sum, bytes) => sum + bytes.length, 0)
      // nothing is made out of a header alone
      expect(pixels.length).toBeLessThanOrEqual(1032 * given)
      expect(count).toBeGreaterThan(0)
    }
  }
  const sizes = fc.oneof(fc.nat(4), fc.nat(0xffffffff))

  test('headers with any sizes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(sizes, sizes, sizes), sizes, fc.nat(40), (dims, count, length) =>
        survives('mnist:d', {
          'd/train-images-idx3-ubyte': idx(0x803, dims, ramp(length)),
          'd/train-labels-idx1-ubyte': idx(0x801, [count], new Uint8Array(length % 5)),
        }),
      ),
      { numRuns: 400 },
    )
  })

  test('any bytes, plain and behind a gzip header', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 60 }),
        fc.nat(40),
        fc.nat(255),
        async (bytes, at, value) => {
          const packed = gzipSync(images(3))
          packed[at] = value
          await survives('mnist:d', {
            'd/train-images-idx3-ubyte': bytes,
            'd/train-labels-idx1-ubyte': labels(1),
          })
          await survives('mnist:d', {
            'd/t10k-images-idx3-ubyte.gz': packed,
            'd/t10k-labels-idx1-ubyte': labels(1, 2, 3),
          })
          await survives('cifar10:c', { 'c/test_batch.bin': bytes })
        },
      ),
      { numRuns: 200 },
    )
  })

  test('any text after the scheme of a generated source', async () => {
    const size = fc.nat(5000)
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.tuple(size, size, size, size)), async (rest) => {
        const written = typeof rest === 'string' ? rest : `${rest[0]}x${rest[1]}x${rest[2]}/${rest[3]}`
        const result = await load(`random:${written}`, {}, 2).catch((caught: unknown) => caught)
        if (result instanceof Error) expect(result).toBeInstanceOf(DataError)
      }),
      { numRuns: 30 },
    )
  })
})

test('the published MNIST test files are read', async () => {
  const folder = fileURLToPath(new URL('../../../../shared/data/mnist', import.meta.url))
  if (!existsSync(folder)) {
    console.log('published MNIST files not checked: no shared/data/mnist beside the project')
    return
  }
  const files = Object.fromEntries(
    readdirSync(folder).map((name) => [`m/${name}`, new Uint8Array(readFileSync(join(folder, name)))]),
  )
  const dataset = await load('mnist:m', files)
  expect(dataset).toMatchObject({ count: 10_000, shape: [1, 28, 28], trainCount: null })
  expect([...dataset.labels.slice(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
  const summary = summarize(dataset)
  expect(summary.perClass).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
  // the test set's published mean and deviation
  expect(summary.mean[0]).toBeCloseTo(0.1325, 4)
  expect(summary.std[0]).toBeCloseTo(0.3105, 4)
})
