import fc from 'fast-check'
import { gzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { DataError, type Dataset, leftOut } from '../dataset.ts'
import { loadDataset } from './index.ts'
import { memoryFiles } from './testing.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const load = (source: string, name: string, bytes: Uint8Array, memory?: number): Promise<Dataset> =>
  loadDataset(source, memoryFiles({ [name]: bytes }), { seed: 1, memory })
const csv = (text: string, rest = 'a.csv'): Promise<Dataset> => load(`csv:${rest}`, 'a.csv', utf8(text))

async function refusal(loading: Promise<Dataset>): Promise<string> {
  const error = await loading.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(DataError)
  const { message } = error as DataError
  expect(message).not.toContain('\n')
  return message
}

describe('CSV', () => {
  test('labels and a square of pixels a row', async () => {
    expect(await csv('label,p1,p2,p3,p4\n7,0,50,100,255\n3,1,2,3,4\n')).toEqual({
      source: 'csv:a.csv',
      classes: ['3', '7'],
      shape: [1, 2, 2],
      count: 2,
      pixels: Uint8Array.of(0, 50, 100, 255, 1, 2, 3, 4),
      labels: Int32Array.of(1, 0),
      trainCount: null,
      skipped: [],
    })
  })

  test.each([
    ['no header', '0,9,9,9,50\n1,8,8,8,60\n1,7,7,7,60\n'],
    ['no header, labels last', '9,9,9,50,0\n8,8,8,60,1\n7,7,7,60,1\n'],
    ['semicolons and carriage returns', 'label;a;b;c;d\r\n0;9;9;9;50\r\n1;8;8;8;60\r\n1;7;7;7;60\r\n'],
    ['tabs and a byte order mark', '\ufeffa\tb\tc\td\tclass\n9\t9\t9\t50\t0\n8\t8\t8\t60\t1\n7\t7\t7\t60\t1'],
    ['row numbers, as pandas writes', ',y,0,1,2,3\n0,0,9,9,9,50\n1,1,8,8,8,60\n2,1,7,7,7,60\n'],
    ['columns that are numbered', '0,1,2,3,4\n0,9,9,9,50\n1,8,8,8,60\n1,7,7,7,60\n'],
    ['quotes and spaces', '"label","a","b","c","d"\n"0", 9,"9",9,"50"\n1,8 ,8,8,60\n1,7,7,7,60\n'],
    ['decimal points and blank lines', 'label,a,b,c,d\n0.0,9.0,9,9.,50\n\n1,8,8e0,8,60\n1,7,7,7,60\n\n'],
    ['a header that is the column of labels alone', '0,1,2,3,label\n9,9,9,50,0\n8,8,8,60,1\n7,7,7,60,1\n'],
  ])('%s', async (_name, text) => {
    const dataset = await csv(text)
    expect(dataset).toMatchObject({ classes: ['0', '1'], shape: [1, 2, 2], count: 3, skipped: [] })
    expect([...dataset.labels]).toEqual([0, 1, 1])
    expect([...dataset.pixels]).toEqual([9, 9, 9, 50, 8, 8, 8, 60, 7, 7, 7, 60])
  })

  test('gzipped', async () => {
    const packed = gzipSync(utf8('label,a\n0,1\n1,200\n'))
    expect(await load('csv:a.csv.gz', 'a.csv.gz', packed)).toMatchObject({ count: 2, shape: [1, 1, 1] })
  })

  test('labels that are names, in any script, wherever they stand', async () => {
    const first = await csv('고양이,1,2,3,200\n"개, 작은",4,5,6,100\n고양이,0,0,0,17\n')
    expect(first.classes).toEqual(['개, 작은', '고양이'])
    expect([...first.labels]).toEqual([1, 0, 1])
    expect((await csv('1,2,3,200,dog\n4,5,6,100,cat\n')).classes).toEqual(['cat', 'dog'])
  })

  test('of two columns that could be labels, the one that tells more apart', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => `${i % 2},0,255,0,${i % 5}`)
    expect((await csv(rows.join('\n'))).classes).toEqual(['0', '1', '2', '3', '4'])
  })

  test.each([
    ['0 to 1', 'label,a,b,c,d\n0,0,0.5,1,0.2\n1,1,1,1,1\n', [0, 128, 255, 51]],
    ['0 and 1', 'label,a,b,c,d\n0,0,1,1,0\n1,1,1,1,1\n', [0, 255, 255, 0]],
    ['0 to 16', 'label,a,b,c,d\n0,0,8,16,4\n1,1,1,1,1\n', [0, 128, 255, 64]],
    ['0 to 255', 'label,a,b,c,d\n0,0,8,17,4.6\n1,1,1,1,1\n', [0, 8, 17, 5]],
  ])('pixels of %s', async (_name, text, expected) => {
    expect([...(await csv(text)).pixels.subarray(0, 4)]).toEqual(expected)
  })

  test("sizes: planes of colour, in the last column's name, behind the file's name", async () => {
    const row = (count: number): string =>
      `0,${new Array(count).fill(99).join()}\n1,${new Array(count).fill(20).join()}\n`
    expect((await csv(row(12))).shape).toEqual([3, 2, 2])
    expect((await csv(row(6), 'a.csv#2x3')).shape).toEqual([1, 2, 3])
    expect((await csv(row(18), 'a.csv#3x2x3')).shape).toEqual([3, 2, 3])
    const header = 'label,1x1,1x2,1x3,2x1,2x2,2x3\n'
    expect((await csv(`${header}${row(6)}`)).shape).toEqual([1, 2, 3])
    expect(await refusal(csv(row(6)))).toBe(
      'a.csv: 6 pixels a row are no square: write the size behind the name, as in csv:a.csv#HxW',
    )
    expect(await refusal(csv(row(6), 'a.csv#5x5'))).toContain('has 6 pixels a row and 1 x 5 x 5 are 25')
  })

  test('rows that can not be used are told by their line', async () => {
    const dataset = await csv('label,a\n0,1\n\n1,x\n1,2,3\n,4\n1,5\n0,\n1,77\n0,8\n1,9\n0,10')
    expect([...dataset.pixels]).toEqual([1, 5, 77, 8, 9, 10])
    expect([...dataset.labels]).toEqual([0, 1, 1, 0, 1, 0])
    expect(dataset.skipped).toEqual([
      leftOut('a.csv:4', { en: 'cell 2 is no number', ko: '2번째 칸이 숫자가 아님' }),
      leftOut('a.csv:5', { en: 'has 3 cells where the first line has 2', ko: '칸이 3개(첫 줄은 2개)' }),
      leftOut('a.csv:6', { en: 'has no label', ko: '라벨 없음' }),
      leftOut('a.csv:8', { en: 'cell 2 is no number', ko: '2번째 칸이 숫자가 아님' }),
    ])
  })

  test.each([
    ['an empty file', '', /^a\.csv: is empty/],
    ['an empty line first', '\n1,2\n', /^a\.csv: begins with an empty line/],
    ['one column', 'label\n1\n2\n', /^a\.csv: has one column/],
    ['a header alone', 'label,a,b,c,d\n', /^a\.csv: holds no rows/],
    ['one class', 'label,a\n1,5\n1,6\n', /^a\.csv:2: all labels are "1": expected two classes at least/],
    ['a negative label', 'label,a\n1,5\n-1,6\n', /^a\.csv:3: label -1 is out of range/],
    ['a label between classes', 'label,a\n1,5\n1.5,6\n', /^a\.csv:3: label 1\.5 is out of range/],
    ['negative pixels', 'label,a\n1,5\n0,-3\n', /^a\.csv:3: has pixels from -3 to 5: expected 0 to 255/],
    ['large pixels', 'label,a\n1,5\n0,256\n', /^a\.csv:3: has pixels from 5 to 256/],
    ['no labels anywhere', '9,5,2.5,9,17\n77,5,9,9,200\n', /^a\.csv: neither the first nor the last column/],
    [
      'more broken rows than sound ones',
      'label,a\n1,5\n0,x\n0,y\n',
      /^a\.csv: 2 of 3 rows can't be used, e\.g\. a\.csv:3/,
    ],
    ['labels alone', 'label,id\n1,5\n0,6\n', /^a\.csv: 0 pixels a row are no square/],
  ])('%s', async (_name, text, message) => {
    expect(await refusal(csv(text))).toMatch(message)
  })

  test('UTF-16, too many numbers, no file', async () => {
    expect(await refusal(load('csv:a.csv', 'a.csv', Uint8Array.of(0xff, 0xfe, 49, 0)))).toContain(
      'save it as CSV in UTF-8',
    )
    expect(await refusal(load('csv:a.csv', 'a.csv', utf8('label,a\n0,1\n1,2\n'), 20))).toContain(
      'more than memory holds',
    )
    expect(await refusal(csv('', ''))).toContain('write `csv:FILE`')
  })

  test('any text gives a set or a DataError', async () => {
    const cell = fc.oneof(
      fc.nat(300).map(String),
      fc.constantFrom('', '"', '"a', 'label', '-1', '1e9', 'x', '0.5'),
    )
    const line = fc.array(cell, { maxLength: 6 }).map((cells) => cells.join(','))
    const lines = fc.array(line, { maxLength: 6 }).map((all) => all.join('\n'))
    await fc.assert(
      fc.asyncProperty(fc.oneof(lines.map(utf8), fc.uint8Array({ maxLength: 80 })), async (bytes) => {
        const result = await load('csv:a.csv', 'a.csv', bytes).catch((caught: unknown) => caught)
        if (result instanceof Error) expect(result).toBeInstanceOf(DataError)
        else expect((result as Dataset).pixels.length).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: 1000 },
    )
  })
})

/** An array in NumPy's format; the values are bytes of the file. */
function npy(descr: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`
  const start = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]
  return Uint8Array.from([...start, ...utf8(header), ...data])
}
const bytes = (shape: readonly number[], ...values: number[]): Uint8Array =>
  npy('|u1', shape, Uint8Array.from(values))
const floats = (shape: readonly number[], ...values: number[]): Uint8Array =>
  npy('<f4', shape, new Uint8Array(Float32Array.from(values).buffer))
const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 20)
const npz = (arrays: Record<string, Uint8Array>, rest = 'a.npz'): Promise<Dataset> => {
  const files = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, array]))
  return load(`npz:${rest}`, 'a.npz', zipSync(files))
}

describe('npz', () => {
  const y = bytes([2], 1, 0)

  test.each([
    ['gray', [2, 2, 3], [1, 2, 3], count(12)],
    ['channels first', [2, 3, 1, 2], [3, 1, 2], count(12)],
    ['channels last', [2, 1, 2, 3], [1, 2, 3], count(12)],
    [
      'channels last, which can not be first',
      [2, 2, 1, 3],
      [3, 2, 1],
      [20, 23, 21, 24, 22, 25, 26, 29, 27, 30, 28, 31],
    ],
    ['rows', [2, 4], [1, 2, 2], count(8)],
    ['rows of colour', [2, 12], [3, 2, 2], count(24)],
  ])('images: %s', async (_name, shape, expected, pixels) => {
    const size = shape.reduce((product, side) => product * side, 1)
    const dataset = await npz({ x: bytes(shape, ...count(size)), y })
    expect(dataset).toMatchObject({ source: 'npz:a.npz', classes: ['0', '1'], count: 2, trainCount: null })
    expect(dataset.shape).toEqual(expected)
    expect([...dataset.labels]).toEqual([1, 0])
    expect([...dataset.pixels]).toEqual(pixels)
  })

  test('numbers 0 to 1, labels as names or as 64-bit numbers in a column', async () => {
    const wide = npy('<i8', [2, 1], Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0))
    const dataset = await npz({ x: floats([2, 1, 2], 0, 0.5, 1, 0.2), y: wide })
    expect([...dataset.pixels]).toEqual([0, 128, 255, 51])
    expect(dataset.classes).toEqual(['4', '7'])
    const named = await npz({ images: floats([2, 1, 1], 0, 200), labels: npy('|S3', [2], utf8('dogcat')) })
    expect(named.classes).toEqual(['cat', 'dog'])
    expect([...named.pixels]).toEqual([0, 200])
  })

  test('a part to train and a part to validate, as Keras and MedMNIST write', async () => {
    const x = bytes([2, 1, 1], 1, 2)
    const more = bytes([3, 1, 1], 3, 4, 5)
    const keras = await npz({ x_train: more, y_train: bytes([3], 0, 1, 2), x_test: x, y_test: y })
    expect(keras).toMatchObject({ count: 5, trainCount: 3, classes: ['0', '1', '2'] })
    expect([...keras.pixels]).toEqual([3, 4, 5, 1, 2])
    expect([...keras.labels]).toEqual([0, 1, 2, 1, 0])
    const parts = { train_images: more, train_labels: bytes([3, 1], 0, 1, 1), val_images: x, val_labels: y }
    expect(await npz({ ...parts, test_images: more, test_labels: bytes([3], 1, 1, 1) })).toMatchObject({
      count: 5,
    })
  })

  const x = bytes([2, 1, 1], 1, 2)
  test.each([
    ['no labels', { x }, /^a\.npz: holds x: expected images "x" and labels "y"/],
    ['no images', { x: bytes([0, 1, 1]), y: bytes([0]) }, /^a\.npz: array x: holds no images/],
    ['too few labels', { x, y: bytes([1], 1) }, /^a\.npz: array y has shape \[1\] for the 2 images of x/],
    [
      'one-hot labels',
      { x, y: bytes([2, 2], 1, 0, 0, 1) },
      /has shape \[2, 2\] for the 2 images of x: expected \[2\]/,
    ],
    [
      'a negative label',
      { x, y: npy('|i1', [2], Uint8Array.of(1, 255)) },
      /^a\.npz: array y, item 1: label -1 is out of range/,
    ],
    ['one class', { x, y: bytes([2], 1, 1) }, /all labels are "1"/],
    ['standardized pixels', { x: floats([2, 1, 1], -1, 1), y }, /^a\.npz: array x: has pixels from -1 to 1/],
    ['infinite pixels', { x: floats([2, 1, 1], Infinity, 1), y }, /has pixels from 1 to Infinity/],
    ['pixels that are no numbers', { x: floats([2, 1, 1], Number.NaN, 1), y }, /array x: holds NaN/],
    ['texts for images', { x: npy('|S1', [2, 1, 1], utf8('ab')), y }, /array x: holds texts/],
    ['two channels', { x: bytes([2, 2, 5, 2], ...count(40)), y }, /shape \[2, 5, 2\]: expected \[H, W\]/],
    ['no pixels', { x: bytes([2, 0, 5]), y }, /shape \[0, 5\]: expected sides of 1 or more/],
    ['a scalar', { x: npy('|u1', [], new Uint8Array()), y }, /^a\.npz: array x/],
    ['a row that is no square', { x: bytes([2, 5], ...count(10)), y }, /5 pixels a row are no square/],
    [
      'parts of two sizes',
      { x_train: x, y_train: y, x_test: bytes([2, 1, 2], 1, 2, 3, 4), y_test: y },
      /^a\.npz: images to train on are 1 x 1 x 1 and those to validate 1 x 1 x 2/,
    ],
    [
      'complex numbers',
      { x: npy('<c8', [2, 1, 1], new Uint8Array(16)), y },
      /^a\.npz: array x: has elements of type '<c8'/,
    ],
  ])('%s', async (_name, arrays, message) => {
    expect(await refusal(npz(arrays as Record<string, Uint8Array>))).toMatch(message)
  })

  const forInput = (shape: readonly number[], x: Uint8Array, rest = 'a.npz'): Promise<Dataset> =>
    loadDataset(`npz:${rest}`, memoryFiles({ 'a.npz': zipSync({ 'x.npy': x, 'y.npy': y }) }), {
      seed: 1,
      frame: { shape, fit: 'pad' },
    })

  test('signals for a network that takes them, signed ones about their middle', async () => {
    expect((await forInput([1, 9], bytes([2, 5], ...count(10)))).shape).toEqual([1, 5])
    expect((await forInput([3, 9], bytes([2, 3, 5], ...count(30)))).shape).toEqual([3, 5])
    expect((await forInput([2, 9], bytes([2, 6], ...count(12)), 'a.npz#2x3')).shape).toEqual([2, 3])
    const signed = await forInput([1, 2], floats([2, 2], -0.5, 0.5, 0, 0.25))
    expect(signed).toMatchObject({ shape: [1, 2], zero: 128 })
    expect([...signed.pixels]).toEqual([1, 255, 128, 192])
  })

  test('volumes for a network that takes them', async () => {
    expect((await forInput([1, 2, 2, 2], bytes([2, 3, 2, 1], ...count(12)))).shape).toEqual([1, 3, 2, 1])
    expect((await forInput([3, 2, 2, 2], bytes([2, 3, 1, 2, 1], ...count(12)))).shape).toEqual([3, 1, 2, 1])
  })

  test('images are refused, before they are read, where the network takes something else', async () => {
    const refused = loadDataset('mnist:m', memoryFiles({}), { seed: 1, frame: { shape: [1, 9], fit: 'pad' } })
    expect(await refusal(refused)).toBe(
      'mnist:m: holds images and the network takes 1 x 9: use `npz:FILE` with such arrays, or `random:1x9/K`',
    )
  })

  test('sizes behind the name, other files, no file', async () => {
    expect((await npz({ x: bytes([2, 6], ...count(12)), y }, 'a.npz#2x3')).shape).toEqual([1, 2, 3])
    expect(await refusal(load('npz:a.npz', 'a.npz', utf8('hello')))).toMatch(
      /^a\.npz: not a whole ZIP archive/,
    )
    expect(await refusal(npz({}, ''))).toContain('write `npz:FILE`')
  })

  test('archives with any bytes changed give a set or a DataError', async () => {
    const archive = zipSync({ 'x.npy': bytes([2, 2, 2], ...count(8)), 'y.npy': y }, { level: 0 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const changed = archive.slice()
          for (const [at, value] of changes) changed[at] = value
          const result = await load('npz:a.npz', 'a.npz', changed).catch((caught: unknown) => caught)
          if (result instanceof Error) expect(result).toBeInstanceOf(DataError)
          else expect((result as Dataset).pixels.length).toBeLessThanOrEqual(archive.length)
        },
      ),
      { numRuns: 500 },
    )
  })
})
