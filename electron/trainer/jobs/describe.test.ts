import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { encodePng } from '../../../core/data/images/testing.ts'
import { writeNpz } from '../../../core/formats/npz.ts'
import type { DataReading } from '../../../core/protocol/contract.ts'
import { describeSource } from './describe.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerloom-describe-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('reads arrays as what the network takes', async () => {
  const file = join(folder, 'waves.npz')
  const x = Float32Array.from({ length: 4 * 20 }, (_, i) => Math.sin(i))
  const y = Float32Array.of(0, 1, 0, 1)
  await writeFile(file, writeNpz({ x: { shape: [4, 20], data: x }, y: { shape: [4], data: y } }))
  const described = await describeSource(`npz:${file}`, { shape: [1, 32], fit: 'pad' })
  expect(described).toMatchObject({ shape: [1, 20], count: 4, perClass: [2, 2] })
  // as images the rows would need their sides
  await expect(describeSource(`npz:${file}`)).rejects.toThrow(/20/)
})

it('says that images are no signals before a run is started', async () => {
  await expect(describeSource('digits', { shape: [1, 8000], fit: 'pad' })).rejects.toThrow(
    'digits: holds images and the network takes 1 x 8000',
  )
})

it('tells how far it is with images, and what those so far give', async () => {
  for (let i = 0; i < 70; i++) {
    const label = join(folder, i % 2 ? 'odd' : 'even')
    await mkdir(label, { recursive: true })
    await writeFile(
      join(label, `${String(i).padStart(2, '0')}.png`),
      encodePng({ width: 2, height: 2, samples: [i, i, i, i] }),
    )
  }
  const source = `folder:${folder}`
  const heard: DataReading[] = []
  const described = await describeSource(source, undefined, (reading) => heard.push(reading))
  expect(described).toMatchObject({ count: 70, shape: [1, 2, 2], perClass: [35, 35] })
  // 0 to 69
  expect(described.mean[0]).toBeCloseTo(34.5 / 255, 12)
  expect(described.std[0]).toBeCloseTo(Math.sqrt((70 ** 2 - 1) / 12) / 255, 12)
  expect(heard[0]).toEqual({ source, phase: 'sizes', done: 1, total: 70 })
  const partial = heard.find(({ phase }) => phase === 'samples')!
  expect(partial).toMatchObject({ done: 64, total: 70, partial: { count: 64, shape: [1, 2, 2] } })
  // class by class: the even ones, and the odd ones up to 57
  expect(partial.partial!.mean[0]).toBeCloseTo((34 * 35 + 29 * 29) / 64 / 255, 12)
})
