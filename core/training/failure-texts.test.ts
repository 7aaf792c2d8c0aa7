import { describe, expect, it } from 'vitest'
import { network } from '../../presets/builder.ts'
import { presetOf } from '../../presets/index.ts'
import { byteScale, classesOf, rowShape } from '../data/sources/arrays.ts'
import { readIdxImages, readIdxLabels } from '../data/sources/idx.ts'
import { loadDataset } from '../data/sources/index.ts'
import { memoryFiles } from '../data/sources/testing.ts'
import { compileTraining } from '../engine/compile.ts'
import { readNetwork } from '../engine/network.ts'
import { writeNpz } from '../formats/npz.ts'
import { writeZip } from '../formats/zip-writer.ts'
import { checkNetwork } from './check.ts'
import { resolveConfig } from './config.ts'
import { asFailure } from './failure.ts'

const idx = (...words: number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(4 * words.length))
  for (const [i, word] of words.entries()) view.setUint32(4 * i, word)
  return new Uint8Array(view.buffer)
}
const where = () => 'x.csv:2'
const encoded = (table: string) => new TextEncoder().encode(table)
const load = (source: string, bytes: Uint8Array) =>
  loadDataset(source, memoryFiles({ [source.slice(4)]: bytes }), { seed: 1 })
const labelled = (x: number[], y: number[], shape: number[]) =>
  writeNpz({
    x: { shape, data: Float32Array.from(x) },
    y: { shape: [y.length], data: Float32Array.from(y) },
  })
const settings = (change: object) =>
  resolveConfig({ data: 'digits', engine: 'auto', seed: 1, validation: 0.1, ...change })

const lenet = presetOf('lenet5-modern')!.build()
const sgd = { type: 'sgd', momentum: 0, weightDecay: 0 } as const
const maps = (() => {
  const net = network('maps')
  net.add('input', 'input', { shape: [1, 6, 6] })
  net.add('conv2d', 'conv', { filters: 2, kernel: [3, 3] })
  return net.build()
})()

/** What goes wrong most often before a run, and what of it a Korean window must name. */
const cases: Record<string, readonly [() => unknown, string]> = {
  'an IDX file that is cut off': [() => readIdxImages(idx(0x803), 'a.idx'), '잘렸습니다'],
  'an IDX file with pixels missing': [() => readIdxImages(idx(0x803, 9, 28, 28), 'a.idx'), '바이트'],
  'labels in place of images': [() => readIdxImages(idx(0x801, 1, 1, 1), 'a.idx'), '이미지의 IDX 파일'],
  'an IDX file of nothing': [() => readIdxLabels(idx(0x801, 0), 10, 'a.idx'), '라벨'],
  'an IDX label out of range': [() => readIdxLabels(idx(0x801, 4, 0x0a000000), 10, 'a.idx'), '범위'],
  'standardized pixels': [() => byteScale(-2.1, 2.6, false, 'x.npz'), '표준화'],
  'rows that are no square': [() => rowShape(785, null, 'csv', 'x.csv'), '정사각형'],
  'one class': [() => classesOf(['a', 'a'], where), '클래스가 둘 이상'],
  'labels that are no whole numbers': [() => classesOf(['0', '1.5'], where), '정수'],
  'a table of one column': [() => load('csv:x.csv', encoded('1\n2\n')), '열이 하나뿐'],
  'an empty table': [() => load('csv:x.csv', new Uint8Array()), '비어 있는'],
  'an archive without arrays': [() => load('npz:x.npz', writeZip([])), 'numpy.savez'],
  'as many labels as there are not images': [
    () => load('npz:x.npz', labelled([0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 1], [2, 2, 2])),
    '배열 y의 형태',
  ],
  'images of four channels': [
    () => load('npz:x.npz', labelled(new Array(32).fill(0), [0, 1], [2, 4, 2, 2])),
    '채널이 1개나 3개',
  ],
  'a learning rate of 0': [() => settings({ learningRate: 0 }), '학습률'],
  'half an epoch': [() => settings({ epochs: 0.5 }), '에폭 수'],
  'a network whose shapes do not fit': [
    () => checkNetwork({ ...lenet, wires: lenet.wires.slice(1) }),
    '레이어',
  ],
  'a network that ends in maps': [() => readNetwork(maps), '벡터로 끝나야'],
  'class weights that are too few': [
    () =>
      compileTraining(lenet, {
        batch: 1,
        optimizer: sgd,
        loss: { type: 'cross-entropy', classWeights: [1] },
      }),
    '클래스 가중치',
  ],
  'no patience': [() => settings({ earlyStopping: { patience: 0, minDelta: 0 } }), '조기 종료'],
}

describe('failures before a run', () => {
  it.each(Object.entries(cases))('say in both languages what is wrong: %s', async (_, [work, ko]) => {
    const error = await Promise.resolve()
      .then(work)
      .catch((thrown: unknown) => thrown)
    const { code, message, text } = asFailure(error)
    expect(['bad-data', 'bad-config', 'bad-network']).toContain(code)
    expect(text?.en).toBe(message)
    expect(text?.ko).toContain(ko)
  })
})
