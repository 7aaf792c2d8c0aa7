import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeNpz } from '../../../core/formats/npz.ts'
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
