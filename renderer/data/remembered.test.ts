import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const host = vi.hoisted(() => ({ kept: null as unknown, written: [] as unknown[] }))
vi.mock('../host/kept.ts', () => ({
  readKept: async () => host.kept,
  writeKept: async (name: string, value: unknown) => void host.written.push([name, value]),
}))

beforeEach(() => {
  vi.useFakeTimers()
  vi.resetModules()
  host.written.length = 0
})
afterEach(() => void vi.useRealTimers())

it('comes back from the host, which keeps the last of what is typed', async () => {
  const { onSource, rememberSource, rememberedSource, restoreSource } = await import('./remembered.ts')
  host.kept = 'folder:/사진'
  await restoreSource()
  expect(rememberedSource()).toBe('folder:/사진')
  const heard: unknown[] = []
  const hearNoMore = onSource(() => heard.push(rememberedSource()))
  for (const source of ['mnist:/', 'mnist:/m', 'mnist:/mn']) rememberSource(source)
  expect(rememberedSource()).toBe('mnist:/mn')
  await vi.runAllTimersAsync()
  expect(host.written).toEqual([['source', 'mnist:/mn']])
  rememberSource('mnist:/mn')
  await vi.runAllTimersAsync()
  expect(host.written).toHaveLength(1)
  expect(heard).toEqual(['mnist:/', 'mnist:/m', 'mnist:/mn'])
  hearNoMore()
  rememberSource('digits')
  expect(heard).toHaveLength(3)
})

it('is said in few words', async () => {
  const { shortSource } = await import('./remembered.ts')
  const said = ['digits', 'folder:/사진/개와 고양이', 'folder:C:\\data\\', 'npz:/a/b.npz'].map((s) =>
    shortSource(s, '숫자'),
  )
  expect(said).toEqual(['숫자', '개와 고양이', 'data', 'b.npz'])
})

it('is nothing where nothing, or something else, was kept', async () => {
  const { rememberedSource, restoreSource } = await import('./remembered.ts')
  for (host.kept of [null, 7]) {
    await restoreSource()
    expect(rememberedSource()).toBeNull()
  }
})
