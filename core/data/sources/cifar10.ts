import { text } from '../../network/text.ts'
import { DataError } from '../dataset.ts'
import type { FileAccess } from '../feed.ts'
import type { Source } from './source.ts'

const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']
const PIXELS = 3 * 32 * 32
const RECORD = 1 + PIXELS
const TRAIN = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`)
const TEST = 'test_batch.bin'
/** The folder that the published archive unpacks to. */
const UNPACKED = 'cifar-10-batches-bin'

/**
 * CIFAR-10 (Krizhevsky 2009), the binary version: records of a label byte and 3,072 bytes, red, green and blue planes
 * of 32 x 32. The test batch validates; where it is alone, it is split.
 */
export const cifar10: Source = {
  scheme: 'cifar10',
  usage: 'cifar10:DIR',
  async load(rest, files) {
    if (rest === '')
      throw new DataError(
        text(
          'cifar10: no folder given: write `cifar10:DIR`',
          'cifar10: 폴더가 없습니다. `cifar10:DIR` 형식으로 적어 주세요.',
        ),
      )
    const { train, test } = await findBatches(rest, files)
    const batches: Uint8Array[] = []
    for (const path of [...train, ...test]) {
      const bytes = await files.read(path)
      checkBatch(bytes, path)
      batches.push(bytes)
    }
    const records = (some: readonly Uint8Array[]): number =>
      some.reduce((sum, bytes) => sum + bytes.length / RECORD, 0)
    const count = records(batches)
    const pixels = new Uint8Array(count * PIXELS)
    const labels = new Int32Array(count)
    let done = 0
    for (const bytes of batches) {
      for (let at = 0; at < bytes.length; at += RECORD, done++) {
        labels[done] = bytes[at]!
        pixels.set(bytes.subarray(at + 1, at + RECORD), done * PIXELS)
      }
    }
    const trainCount = train.length > 0 && test.length > 0 ? records(batches.slice(0, train.length)) : null
    return {
      source: `cifar10:${rest}`,
      classes: CLASSES,
      shape: [3, 32, 32],
      count,
      pixels,
      labels,
      trainCount,
    }
  },
}

async function findBatches(rest: string, files: FileAccess): Promise<{ train: string[]; test: string[] }> {
  for (const folder of [rest, files.join(rest, UNPACKED)]) {
    const there = async (names: string[]): Promise<string[]> => {
      const found: string[] = []
      for (const name of names) if (await files.exists(files.join(folder, name))) found.push(name)
      return found
    }
    const train = await there(TRAIN)
    const test = await there([TEST])
    if (train.length === 0 && test.length === 0) continue
    if (train.length > 0 && train.length < TRAIN.length) {
      const missing = TRAIN.filter((name) => !train.includes(name))
      throw new DataError(
        text(
          `${folder}: ${missing.join(', ')} missing: unpack the archive again`,
          `${folder}: ${missing.join(', ')} 파일이 없습니다. 압축을 다시 풀어 주세요.`,
        ),
      )
    }
    const paths = (names: string[]): string[] => names.map((name) => files.join(folder, name))
    return { train: paths(train), test: paths(test) }
  }
  throw new DataError(
    text(
      `${rest}: no CIFAR-10 batches here: looked for ${TRAIN[0]} to ${TRAIN[4]} and ${TEST}, also in ${UNPACKED}: check the folder (the binary version is needed)`,
      `${rest}: CIFAR-10 배치 파일이 없습니다(${UNPACKED} 안까지 ${TRAIN[0]}~${TRAIN[4]}, ${TEST}을(를) 찾았습니다). 이진(binary) 버전의 폴더인지 확인해 주세요.`,
    ),
  )
}

function checkBatch(bytes: Uint8Array, path: string): void {
  if (bytes.length === 0)
    throw new DataError(
      text(
        `${path}: holds no images: download it again`,
        `${path}: 이미지가 없습니다. 다시 내려받아 주세요.`,
      ),
    )
  if (bytes.length % RECORD !== 0) {
    const expected = Math.ceil(bytes.length / RECORD) * RECORD
    throw new DataError(
      text(
        `${path}: truncated CIFAR-10 batch: expected ${expected} bytes (records of ${RECORD}), came ${bytes.length}: download it again`,
        `${path}: CIFAR-10 배치 파일이 잘렸습니다. ${expected}바이트(레코드 ${RECORD}바이트)여야 하는데 ${bytes.length}바이트입니다. 다시 내려받아 주세요.`,
      ),
    )
  }
  for (let at = 0; at < bytes.length; at += RECORD) {
    if (bytes[at]! < CLASSES.length) continue
    throw new DataError(
      text(
        `${path}: label ${bytes[at]} of item ${at / RECORD} is out of range: expected 0 to ${CLASSES.length - 1}`,
        `${path}: ${at / RECORD}번째 항목의 라벨 ${bytes[at]}이(가) 범위를 벗어났습니다(0~${CLASSES.length - 1}).`,
      ),
    )
  }
}
