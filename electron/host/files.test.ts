import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DocumentFiles, writeWhole } from './files.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'layerloom-files-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

describe('writeWhole', () => {
  it('writes new files and replaces old ones, keeping their mode and leaving nothing beside them', async () => {
    const path = join(dir, '그물.layerloom')
    writeWhole(path, 'one')
    await chmod(path, 0o600)
    writeWhole(path, Uint8Array.of(50))
    expect(await readFile(path, 'utf8')).toBe('2')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(dir)).toEqual(['그물.layerloom'])
  })

  it('replaces the file that a link names, not the link', async () => {
    await writeFile(join(dir, 'real'), 'old')
    await symlink(join(dir, 'real'), join(dir, 'link'))
    writeWhole(join(dir, 'link'), 'new')
    expect(await readFile(join(dir, 'real'), 'utf8')).toBe('new')
  })

  it('says in one line why it could not, and leaves no half-written file', async () => {
    expect(() => writeWhole(join(dir, 'gone/net.layerloom'), 'x')).toThrow(
      expect.objectContaining({
        code: 'disk',
        message: '“net.layerloom” was not saved: there is no such file or folder',
      }),
    )
    expect(() => writeWhole(dir, 'x')).toThrow(expect.objectContaining({ code: 'disk' }))
    expect(await readdir(dir)).toEqual([])
  })
})

describe('DocumentFiles', () => {
  it('writes only where the person opened or saved before', async () => {
    const files = new DocumentFiles(dir)
    const path = join(dir, 'net.layerloom')
    await expect(files.write(path, 'x')).rejects.toMatchObject({ code: 'bad-request' })
    files.grant(path)
    expect(await files.write(path, 'x')).toEqual({ path, name: 'net.layerloom' })
    expect(await files.read(path)).toEqual({ path, name: 'net.layerloom', text: 'x' })
  })

  it('lets a document be saved again under the path it was opened from', async () => {
    const path = join(dir, 'net.layerloom')
    await writeFile(path, 'x')
    const files = new DocumentFiles(dir)
    await files.read(path)
    await files.write(path, 'y')
    expect(await readFile(path, 'utf8')).toBe('y')
  })

  it('opens a file again in a later session, and no other', async () => {
    const path = join(dir, 'net.layerloom')
    await writeFile(path, 'x')
    await new DocumentFiles(dir).read(path)
    const later = new DocumentFiles(dir)
    await expect(later.reopen(join(dir, 'window/paths.json'))).rejects.toMatchObject({ code: 'bad-request' })
    expect(await later.reopen(path)).toEqual({ path, name: 'net.layerloom', text: 'x' })
    await rm(path)
    await expect(later.reopen(path)).rejects.toMatchObject({ code: 'disk' })
  })

  it('refuses what is no text', async () => {
    await writeFile(join(dir, 'picture'), Uint8Array.of(0xff, 0xfe, 0))
    await expect(new DocumentFiles(dir).read(join(dir, 'picture'))).rejects.toMatchObject({
      message: '“picture” could not be opened: it is not a text file (UTF-8)',
    })
  })
})
