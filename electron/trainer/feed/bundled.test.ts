import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'
import { expect, test } from 'vitest'
import { feedWorkerPath } from './worker-path.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

test('from sources, the worker is the TypeScript file', () => {
  expect(feedWorkerPath()).toBe(join(here, 'worker.ts'))
})

test('where no worker is, the error says what was looked for', () => {
  expect(() => feedWorkerPath(join(tmpdir(), 'nothing-here'))).toThrow(
    /worker is missing: looked for .*feed-worker\.js/,
  )
})

test('a bundle finds its own worker, from its chunks too', async () => {
  const out = await mkdtemp(join(tmpdir(), 'layerloom-bundle-'))
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true },
      build: {
        ssr: true,
        outDir: out,
        emptyOutDir: true,
        rollupOptions: {
          input: { 'chunks/feed': join(here, 'index.ts'), 'feed-worker': join(here, 'worker.ts') },
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
        },
      },
    })
    expect(feedWorkerPath(join(out, 'chunks'))).toBe(join(out, 'feed-worker.js'))
    const bundle: typeof import('./index.ts') = await import(
      pathToFileURL(join(out, 'chunks', 'feed.js')).href
    )
    const feed = await bundle.openFeed({
      source: 'random:1x4x4/3',
      transform: { shape: [1, 4, 4], fit: 'pad', normalization: 'zero-one' },
      batch: 8,
      seed: 1,
      validation: 0.25,
      limit: 32,
    })
    const counts: number[] = []
    for await (const { count } of feed.train(0, 0)) counts.push(count)
    expect(counts).toEqual([8, 8, 8])
    await feed.close()
  } finally {
    await rm(out, { recursive: true })
  }
})
