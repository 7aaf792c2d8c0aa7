import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { Uploads } from './uploads.ts'

let uploads: Uploads
afterEach(() => uploads.close())

const bytes = (...values: number[]) => Uint8Array.from(values)

it('puts the parts of a file together, under its own name and in a folder of its own', async () => {
  uploads = new Uploads()
  const { id } = await uploads.begin({ name: '../../up/weights.safetensors', size: 5 })
  // the second comes before the first is written
  await Promise.all([uploads.part({ id, bytes: bytes(1, 2, 3) }), uploads.part({ id, bytes: bytes(4, 5) })])
  const { path, name } = await uploads.whole(id)
  expect(name).toBe('weights.safetensors')
  expect([...readFileSync(path)]).toEqual([1, 2, 3, 4, 5])
  expect(readdirSync(dirname(path))).toEqual(['file'])
  uploads.drop(id)
  expect(existsSync(dirname(path))).toBe(false)
})

it('takes no more and no less than was announced', async () => {
  uploads = new Uploads()
  const { id } = await uploads.begin({ name: 'a', size: 2 })
  await uploads.part({ id, bytes: bytes(1) })
  await expect(uploads.whole(id)).rejects.toThrow('announced with 2 bytes: 1 came')
  await expect(uploads.part({ id, bytes: bytes(2, 3) })).rejects.toThrow('more came')
})

it('keeps the last file alone, and nothing once it is closed', async () => {
  uploads = new Uploads()
  const first = await uploads.begin({ name: 'a', size: 0 })
  const { path } = await uploads.whole(first.id)
  const second = await uploads.begin({ name: 'b', size: 0 })
  expect(existsSync(path)).toBe(false)
  await expect(uploads.part({ id: first.id, bytes: bytes() })).rejects.toThrow('not here any more')
  uploads.drop(first.id)
  const last = await uploads.whole(second.id)
  uploads.close()
  expect(existsSync(last.path)).toBe(false)
})
