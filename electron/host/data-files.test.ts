import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DataFiles } from './data-files.ts'

let home: string
let files: DataFiles
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'layerloom-data-files-'))
  files = new DataFiles(home)
})
afterEach(() => {
  files.close()
  rmSync(home, { recursive: true })
})

async function send(name: string, ...values: number[]): Promise<string> {
  const { id } = await files.begin({ name, size: values.length })
  await files.part({ id, bytes: Uint8Array.from(values) })
  return (await files.keep(id)).path
}

it('keeps a file under its name, beside another of that name, and the same one once', async () => {
  const first = await send('개와 고양이.tar.gz', 1, 2)
  expect(first).toBe(join(home, 'data', '개와 고양이.tar.gz'))
  expect([...readFileSync(first)]).toEqual([1, 2])
  expect(basename(await send('개와 고양이.tar.gz', 3, 4))).toBe('개와 고양이 (2).tar.gz')
  expect(await send('개와 고양이.tar.gz', 1, 2)).toBe(first)
  expect(readdirSync(join(home, 'data')).sort()).toEqual(
    ['개와 고양이 (2).tar.gz', '개와 고양이.tar.gz'].sort(),
  )
})

it.each(['../../x.zip', '..\\x.zip', '/etc/x.zip', '...x.zip', 'x.zip. .'])(
  'keeps %s in its folder',
  async (name) => {
    const path = await send(name, 1)
    expect(dirname(path)).toBe(join(home, 'data'))
    expect(basename(path)).toBe('x.zip')
  },
)

it('gives names that no file system would take another', async () => {
  expect(basename(await send('a:b?\u0007.csv', 1))).toBe('a_b__.csv')
  expect(basename(await send('..', 1))).toBe('data')
  const long = basename(await send(`${'가'.repeat(300)}.npz`, 1))
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(200)
  expect(long).toMatch(/^가+\.npz$/)
})

it('keeps nothing of a file that did not come whole', async () => {
  const { id } = await files.begin({ name: 'a.csv', size: 2 })
  await files.part({ id, bytes: Uint8Array.of(1) })
  await expect(files.keep(id)).rejects.toMatchObject({ code: 'bad-request', text: { ko: /2바이트/ } })
  expect(readdirSync(home)).toEqual([])
})
