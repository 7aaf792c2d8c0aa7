import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { epochOrder, fillBatch } from '../../../core/data/batches.ts'
import { DataError, type InputTransform } from '../../../core/data/dataset.ts'
import type { FeedBatch } from '../../../core/data/feed.ts'
import { encodePng } from '../../../core/data/images/testing.ts'
import { split } from '../../../core/data/split.ts'
import { fitTransform, prepare } from '../../../core/data/transform.ts'
import { type FeedOptions, loadSource, nodeFiles, openFeed, type WorkerFeed, workersFor } from './index.ts'

const transform: InputTransform = { shape: [1, 32, 32], fit: 'pad', normalization: 'standardize' }
const options: FeedOptions = { source: 'digits', transform, batch: 16, seed: 3, validation: 0.2, limit: 130 }

let opened: WorkerFeed[] = []
const open = async (some: Partial<FeedOptions> = {}): Promise<WorkerFeed> => {
  const feed = await openFeed({ ...options, ...some })
  opened.push(feed)
  return feed
}
afterEach(async () => {
  await Promise.all(opened.map((feed) => feed.close()))
  opened = []
})

async function collect(batches: AsyncIterable<FeedBatch>): Promise<FeedBatch[]> {
  const all: FeedBatch[] = []
  for await (const { images, labels, count } of batches) {
    all.push({ images: images.slice(), labels: labels.slice(), count })
  }
  return all
}

describe('the feed', () => {
  test('gives the batches that assembling on this thread gives', async () => {
    const feed = await open()
    expect(feed.trainCount).toBe(104)
    expect(feed.validationCount).toBe(26)
    const dataset = await loadSource('digits', { seed: 3, limit: 130 })
    const parts = split(dataset, options)
    const write = prepare(dataset, fitTransform(dataset, parts.train, transform))
    const order = epochOrder(parts.train, 3, 2)
    const got = await collect(feed.train(2, 0))
    expect(got.map(({ count }) => count)).toEqual([16, 16, 16, 16, 16, 16, 8])
    got.forEach((batch, index) => {
      const target = { images: new Float32Array(16 * 1024), labels: new Int32Array(16) }
      expect(fillBatch(write, dataset.labels, order, index, target)).toBe(batch.count)
      expect(batch.images).toEqual(target.images)
      expect(batch.labels).toEqual(target.labels)
    })
    const held = await collect(feed.validation())
    expect(held.flatMap(({ labels, count }) => [...labels.slice(0, count)])).toEqual(
      [...parts.validation].map((sample) => dataset.labels[sample]),
    )
  })

  test('varies what it trains on, by epoch and sample, and nothing else', async () => {
    const plain = await open()
    const feed = await open({ augment: { crop: 2, flip: true } })
    const original = await collect(plain.train(1, 0))
    const varied = await collect(feed.train(1, 0))
    expect(varied.map(({ labels }) => labels)).toEqual(original.map(({ labels }) => labels))
    expect(varied[0]!.images).not.toEqual(original[0]!.images)
    expect(await collect(feed.train(1, 5))).toEqual(varied.slice(5))
    expect(await collect(feed.validation())).toEqual(await collect(plain.validation()))
    const pixelsOf = (batches: FeedBatch[]): string => batches.flatMap(({ images }) => [...images]).join()
    expect(pixelsOf(await collect(feed.train(2, 0)))).not.toBe(pixelsOf(varied))
  })

  test('gives the same batches in the same order for any number of workers', async () => {
    const augment = { crop: 2, flip: true, rotate: 10, jitter: { brightness: 0.4, hue: 0.1 }, pca: 0.1 }
    const colour = { shape: [3, 32, 32], fit: 'pad', normalization: 'standardize' } as const
    const epochs: FeedBatch[][] = []
    for (const workers of [1, 2, 3]) {
      const feed = await open({ source: 'random:3x32x32/4', transform: colour, limit: 150, augment, workers })
      const validation = await collect(feed.validation())
      epochs.push([...(await collect(feed.train(1, 0))), ...(await collect(feed.train(2, 4))), ...validation])
    }
    expect(epochs[0]!.length).toBeGreaterThan(12)
    expect(epochs[1]).toEqual(epochs[0])
    expect(epochs[2]).toEqual(epochs[0])
  })

  test('can be entered at any batch, and another epoch has another order', async () => {
    const feed = await open()
    const whole = await collect(feed.train(1, 0))
    expect(await collect(feed.train(1, 5))).toEqual(whole.slice(5))
    expect(await collect(feed.train(1, 7))).toEqual([])
    const other = await collect(feed.train(2, 0))
    expect(other[0]!.labels).not.toEqual(whole[0]!.labels)
    const again = await open()
    expect(await collect(again.train(1, 0))).toEqual(whole)
  })

  test('a stream left early does not leak into the next', async () => {
    const feed = await open()
    const validation = await collect(feed.validation())
    for await (const { count } of feed.train(0, 0)) {
      expect(count).toBe(16)
      break
    }
    expect(await collect(feed.validation())).toEqual(validation)
  })

  test('a stream ends with a word when another is started', async () => {
    const feed = await open()
    const first = feed.train(0, 0)[Symbol.asyncIterator]()
    await first.next()
    const second = feed.train(1, 0)[Symbol.asyncIterator]()
    await second.next()
    await expect(first.next()).rejects.toThrow('ended when another was started')
  })

  test('prepares the next batches while this thread is blocked', async () => {
    const feed = await open({ workers: 1 })
    const before = Atomics.load(feed.prepared, 0)
    const batches = feed.train(0, 0)[Symbol.asyncIterator]()
    await batches.next()
    // a step that blocks the thread: from here to the assertion no event of this thread is handled
    for (
      let seen = Atomics.load(feed.prepared, 0);
      seen - before < 4;
      seen = Atomics.load(feed.prepared, 0)
    ) {
      expect(Atomics.wait(feed.prepared, 0, seen, 20_000)).not.toBe('timed-out')
    }
    expect(Atomics.load(feed.prepared, 0) - before).toBe(4)
    await batches.next()
  })

  test.each([1, 3])('overtaking workers (%i) never overwrite the batch in use', async (workers) => {
    const feed = await open({ batch: 2, workers })
    const calm = await collect(feed.train(0, 0))
    let index = 0
    for await (const { images } of feed.train(0, 0)) {
      // leave the worker time to run as far ahead as it may
      await new Promise((resolve) => setImmediate(resolve))
      if (index % 10 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
      expect(images).toEqual(calm[index]!.images)
      index++
    }
    expect(index).toBe(52)
  })

  test('tells that it was closed, also to who is waiting', async () => {
    const feed = await open()
    const batches = feed.train(0, 0)[Symbol.asyncIterator]()
    await batches.next()
    await feed.close()
    await expect(batches.next()).rejects.toThrow('closed')
    await expect(feed.validation()[Symbol.asyncIterator]().next()).rejects.toThrow('closed')
  })
})

test('as many workers as half the cores allow, and the memory for batches that wait', () => {
  expect([1, 2, 4, 8, 64].map((cores) => workersFor(cores, 2 ** 20))).toEqual([1, 1, 2, 4, 6])
  expect(workersFor(16, 2 ** 27)).toBe(2)
  expect(workersFor(16, 2 ** 30)).toBe(1)
})

describe('files on the disk', () => {
  let folder = ''
  const image = (value: number): Uint8Array =>
    encodePng({ width: 3, height: 2, samples: new Array(6).fill(value) })
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'layerloom-사진-'))
    for (const name of ['고양이', '개']) {
      await mkdir(join(folder, 'images', name), { recursive: true })
      for (let i = 0; i < 6; i++) await writeFile(join(folder, 'images', name, `${i}.png`), image(i))
    }
    await writeFile(join(folder, 'images', '개', '7.png'), image(7).subarray(0, 30))
    await symlink(join(folder, 'images', '개'), join(folder, 'images', 'linked'))
    await symlink(join(folder, 'nowhere'), join(folder, 'images', '개', '8.png'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.each([1, 2])(
    'a folder of images is decoded in workers (%i), brought to the network, and tells how far it is',
    async (workers) => {
      const heard: [number, number][] = []
      const source = `folder:${join(folder, 'images')}`
      const feed = await openFeed(
        { ...options, source, validation: 0.25, limit: undefined, workers },
        (done, total) => heard.push([done, total]),
      )
      opened.push(feed)
      expect(feed.summary).toMatchObject({
        classes: ['linked', '개', '고양이'],
        perClass: [6, 6, 6],
        shape: [1, 2, 3],
        skipped: [
          { file: 'linked/7.png', reason: 'truncated PNG', text: { ko: '중간에 끊긴 PNG' } },
          { file: 'linked/8.png', reason: expect.stringContaining('does not exist') },
          { file: '개/7.png', reason: 'truncated PNG' },
          { file: '개/8.png', reason: expect.stringContaining('does not exist') },
        ],
      })
      expect(feed.published).toBe(false)
      expect(heard.at(-1)).toEqual([18, 18])
      const batches = await collect(feed.train(0, 0))
      expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(feed.trainCount)
    },
  )

  test('names in an archive that says nothing of their encoding', () => {
    const { text } = nodeFiles
    expect(text(new TextEncoder().encode('고양이/é.png'))).toBe('고양이/é.png')
    // "고양이/1.png" in EUC-KR, as Windows in Korean writes it
    const korean = [0xb0, 0xed, 0xbe, 0xe7, 0xc0, 0xcc, 0x2f, 0x31, 0x2e, 0x70, 0x6e, 0x67]
    expect(text(Uint8Array.from(korean))).toBe('고양이/1.png')
    expect(text(Uint8Array.of(0x63, 0x61, 0x66, 0xe9))).toBe('café')
  })
})

describe('what can not be used', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'layerloom-feed-'))
    await writeFile(join(folder, 't10k-images-idx3-ubyte'), new Uint8Array([0, 0, 8, 3, 0, 0]))
    await writeFile(join(folder, 't10k-labels-idx1-ubyte'), new Uint8Array([0, 0, 8, 1, 0, 0, 0, 1, 5]))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.each([
    ['an unknown scheme', { source: 'nowhere' }, /unknown data source "nowhere": use .*digits.*mnist:DIR/],
    [
      'a folder that is not there',
      { source: 'mnist:/no/such/folder' },
      /\/no\/such\/folder: no IDX files here/,
    ],
    ['more classes than the network', { classes: 5 }, /has 10 classes and the network tells 5 apart/],
    ['channels that do not convert', { source: 'random:4x8x8/2' }, /4 channels and the network takes 1/],
    ['a batch beyond memory', { batch: 10_000_000 }, /use a smaller batch/],
    ['all samples kept for validation', { validation: 1 }, /no samples left to train on/],
  ] as const)('%s is a DataError', async (_name, some, message) => {
    const error = await open(some).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(DataError)
    expect((error as Error).message).toMatch(message)
    expect((error as Error).message).not.toContain('\n')
  })

  test('a truncated file comes through as a DataError that names it', async () => {
    const error = await open({ source: `mnist:${folder}` }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(DataError)
    expect((error as Error).message).toContain(join(folder, 't10k-images-idx3-ubyte'))
    expect((error as Error).message).toContain('expected a header of 16 bytes, came 6')
  })

  test('files that can not be read say why', async () => {
    await expect(nodeFiles.read(join(folder, 'none'))).rejects.toThrow(/none: it does not exist/)
    await expect(nodeFiles.read(folder)).rejects.toThrow(/it is a folder/)
    await expect(nodeFiles.entries(join(folder, 't10k-labels-idx1-ubyte'))).rejects.toThrow(/name a folder/)
    expect(await nodeFiles.entries(folder)).toEqual([
      { name: 't10k-images-idx3-ubyte', folder: false },
      { name: 't10k-labels-idx1-ubyte', folder: false },
    ])
    expect(await nodeFiles.exists(join(folder, 'none'))).toBe(false)
  })
})
