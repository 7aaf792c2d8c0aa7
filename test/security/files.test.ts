import fc from 'fast-check'
import { gzipSync, strToU8, zipSync } from 'fflate'
import { encode as encodeJpeg } from 'jpeg-js'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../core/analysis/index.ts'
import { encodeTar } from '../../core/data/archives/testing.ts'
import { DataError } from '../../core/data/dataset.ts'
import { decodeImage, ImageError } from '../../core/data/images/index.ts'
import { encodePng } from '../../core/data/images/testing.ts'
import { loadDataset } from '../../core/data/sources/index.ts'
import { memoryFiles } from '../../core/data/sources/testing.ts'
import { FormatError } from '../../core/formats/error.ts'
import { readNpy, writeNpy } from '../../core/formats/npy.ts'
import { readNpz, writeNpz } from '../../core/formats/npz.ts'
import { readSafetensors, writeSafetensors } from '../../core/formats/safetensors.ts'
import { readZip } from '../../core/formats/zip.ts'
import { exportFormatOf } from '../../core/interchange/export/index.ts'
import { chainOf, requestOf } from '../../core/interchange/export/testing.ts'
import { ImportError, importNetwork } from '../../core/interchange/import/index.ts'
import { DocumentError, parseDocument, serializeDocument } from '../../core/network/document.ts'
import { damaged } from './files.ts'

/**
 * Files from strangers: each ends in what it holds, or in one line that says what is wrong. The test runner's own memory
 * is the limit: a lie about a size that was believed would end it.
 */

const RUNS = 1_000
const expected = [DataError, DocumentError, FormatError, ImageError, ImportError]

/** Reads damaged copies of a file; anything but an answer or a reason in one line fails. */
async function survives(bytes: Uint8Array, read: (bytes: Uint8Array) => unknown): Promise<void> {
  await read(bytes)
  await fc.assert(
    fc.asyncProperty(damaged(bytes), async (file) => {
      try {
        await read(file)
      } catch (error) {
        if (!expected.some((type) => error instanceof type)) throw error
        const { message } = error as Error
        expect(message).not.toMatch(/\n/)
        expect(message.length).toBeLessThan(600)
      }
    }),
    { numRuns: RUNS },
  )
}

const pixels = Array.from({ length: 6 * 5 * 3 }, (_, i) => (i * 37) % 256)
const png = encodePng({ width: 6, height: 5, type: 2, samples: pixels })
const jpeg = new Uint8Array(
  encodeJpeg({ width: 16, height: 16, data: new Uint8Array(1024).map((_, i) => (i * 11) % 256) }, 80).data,
)
const network = chainOf([
  ['input', 'input', { shape: [2, 8, 8] }],
  ['conv2d', 'c1', { filters: 3 }],
  ['batchnorm', 'c1-bn'],
  ['relu', 'c1-relu'],
  ['flatten', 'flatten'],
  ['dense', 'fc', { units: 4 }],
])
const exported = async (format: 'onnx'): Promise<Uint8Array> => {
  const [file] = await exportFormatOf(format).write(requestOf(network))
  return file!.bytes
}
const source = (name: string, bytes: Uint8Array, scheme: string) =>
  loadDataset(`${scheme}:${name}`, memoryFiles({ [name]: bytes }), { seed: 1, memory: 2 ** 26 })
const folder = { 'a/1.png': png, 'a/2.png': png, 'b/1.jpg': jpeg }

describe('damaged files end in an answer or in one line', () => {
  it('images', async () => {
    await survives(png, decodeImage)
    await survives(
      encodePng({
        width: 9,
        height: 9,
        depth: 4,
        samples: pixels.slice(0, 81).map((p) => p % 16),
        interlaced: true,
      }),
      decodeImage,
    )
    await survives(jpeg, decodeImage)
  })

  it('arrays and weights', async () => {
    const array = { shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6]) }
    await survives(writeNpy(array), (bytes) => readNpy(bytes))
    await survives(writeNpz({ x: array, y: array }), (bytes) => {
      const npz = readNpz(bytes, 'a.npz')
      for (const name of npz.names) npz.read(name)
    })
    await survives(writeSafetensors([{ name: 'a', ...array }]), (bytes) => readSafetensors(bytes))
  })

  it('archives of images', async () => {
    const tar = encodeTar(Object.entries(folder).map(([path, content]) => ({ path: strToU8(path), content })))
    await survives(zipSync(folder), (bytes) => readZip(bytes, 'a.zip').map((entry) => entry.read()))
    await survives(zipSync(folder), (bytes) => source('a.zip', bytes, 'folder'))
    await survives(tar, (bytes) => source('a.tar', bytes, 'folder'))
    await survives(gzipSync(tar), (bytes) => source('a.tar.gz', bytes, 'folder'))
  })

  it('tables and published sets', async () => {
    await survives(strToU8('label,p0,p1,p2,p3\n0,1,2,3,4\n1,5,6,7,8\n1,5,6,7,9\n'), (bytes) =>
      source('a.csv', bytes, 'csv'),
    )
    const idx = (magic: number[], body: Uint8Array) => Uint8Array.from([...magic, ...body])
    const images = idx([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 4], new Uint8Array(32))
    const labels = idx([0, 0, 8, 1, 0, 0, 0, 2], new Uint8Array([1, 2]))
    const mnist = (pair: Record<string, Uint8Array>) =>
      loadDataset('mnist:d', memoryFiles(pair), { seed: 1, memory: 2 ** 26 })
    const pair = { 'd/train-images-idx3-ubyte': images, 'd/train-labels-idx1-ubyte': labels }
    await survives(images, (bytes) => mnist({ ...pair, 'd/train-images-idx3-ubyte': bytes }))
    await survives(labels, (bytes) => mnist({ ...pair, 'd/train-labels-idx1-ubyte': bytes }))
  })

  it('networks', async () => {
    await survives(strToU8(serializeDocument(network)), (bytes) =>
      analyze(parseDocument(new TextDecoder().decode(bytes))),
    )
    const onnx = await exported('onnx')
    await survives(onnx, (bytes) => importNetwork({ name: 'a.onnx', bytes }))
  })
}, 300_000)

describe('bombs and lies are refused before memory is taken for them', () => {
  const zeros = new Uint8Array(2 ** 24)

  it('a picture of 60,000 by 60,000 pixels in 100 bytes', () => {
    const bomb = encodePng({ width: 1, height: 1, samples: [0] })
    new DataView(bomb.buffer).setUint32(16, 60_000)
    new DataView(bomb.buffer).setUint32(20, 60_000)
    expect(() => decodeImage(bomb)).toThrow(ImageError)
  })

  it('an archive that lists one packed entry many times', () => {
    const one = zipSync({ 'x.npy': zeros })
    const end = one.length - 22
    const view = new DataView(one.buffer)
    const start = view.getUint32(end + 16, true)
    const entry = one.slice(start, end)
    const count = 1_000
    const bomb = new Uint8Array(start + entry.length * count + 22)
    bomb.set(one.subarray(0, start))
    for (let i = 0; i < count; i++) bomb.set(entry, start + i * entry.length)
    bomb.set(one.subarray(end), start + entry.length * count)
    const tail = new DataView(bomb.buffer, bomb.length - 22)
    tail.setUint16(8, count, true)
    tail.setUint16(10, count, true)
    tail.setUint32(12, entry.length * count, true)
    expect(() => readNpz(bomb, 'bomb.npz')).toThrow(/overlap/)
  })

  it('a gzip file that promises 4 GB', async () => {
    const bomb = gzipSync(new Uint8Array(1000))
    new DataView(bomb.buffer, bomb.byteOffset).setUint32(bomb.length - 4, 0xffff_fff0, true)
    await expect(source('a.tar.gz', bomb, 'folder')).rejects.toThrow(/can't hold/)
  })

  it('arrays and weights with absurd dimensions', () => {
    const npy = writeNpy({ shape: [2], data: new Float32Array(2) })
    const text = new TextDecoder('latin1').decode(npy)
    const lie = text.replace('(2,)', '(9007199254740991, 9007199254740991)'.padEnd(4))
    expect(() => readNpy(Uint8Array.from(lie, (c) => c.charCodeAt(0)))).toThrow(FormatError)
    const header = strToU8('{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}')
    const weights = new Uint8Array(8 + header.length + 8)
    new DataView(weights.buffer).setBigUint64(0, BigInt(header.length), true)
    weights.set(header, 8)
    expect(() => readSafetensors(weights)).toThrow(FormatError)
    new DataView(weights.buffer).setBigUint64(0, 2n ** 63n, true)
    expect(() => readSafetensors(weights)).toThrow(FormatError)
  })

  it('a document with a billion layers’ worth of nesting, or one deep enough to end the reader', () => {
    expect(() => parseDocument('['.repeat(200_000))).toThrow(DocumentError)
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    const text = serializeDocument(network).replace('"name":', `"stranger":${deep},"name":`)
    let outcome: unknown
    try {
      outcome = parseDocument(text)
    } catch (error) {
      outcome = error
    }
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(DocumentError)
  })

  it('a network that asks for more weights than there is memory', () => {
    const huge = chainOf([
      ['input', 'input', { shape: [1, 2048, 2048] }],
      ['flatten', 'flatten'],
      ['dense', 'fc', { units: 100_000 }],
    ])
    expect(analyze(huge).totals.trainable).toBe(2048 * 2048 * 100_000 + 100_000)
  })
})

it('never leaves the folder that it was given: names in archives are no paths', async () => {
  const evil = encodeTar([
    { path: strToU8('../../../../etc/a/1.png'), content: png },
    { path: strToU8('/etc/b/1.png'), content: png },
    { path: strToU8('b/2.png'), content: png, type: '2' },
  ])
  const asked: string[] = []
  const files = memoryFiles({ 'a.tar': evil })
  const watched = new Proxy(files, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (path: unknown, ...rest: unknown[]) => {
        if (typeof path === 'string') asked.push(path)
        return (value as (...args: unknown[]) => unknown).call(target, path, ...rest)
      }
    },
  })
  await loadDataset('folder:a.tar', watched, { seed: 1 }).catch((error: unknown) => {
    expect(error).toBeInstanceOf(DataError)
  })
  expect([...new Set(asked)]).toEqual(['a.tar'])
})
