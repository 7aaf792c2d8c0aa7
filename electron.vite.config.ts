import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

/** Programs of out/main, by name: each is started on its own (by Electron, as a child process, as a worker). */
const programs = {
  index: 'electron/main/index.ts',
  trainer: 'electron/trainer/index.ts',
  cli: 'electron/cli/index.ts',
  loopback: 'electron/loopback/index.ts',
  'feed-worker': 'electron/trainer/feed/worker.ts',
}

/** Puts libjpeg beside the programs, where electron/trainer/feed/jpeg.ts looks for it. */
const jpegWasm = {
  name: 'layerloom-jpeg-wasm',
  generateBundle(this: { emitFile(file: { type: 'asset'; fileName: string; source: Uint8Array }): string }) {
    const source = readFileSync('node_modules/@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm')
    this.emitFile({ type: 'asset', fileName: 'mozjpeg_dec.wasm', source })
  },
}

export default defineConfig({
  main: {
    // fflate's entry for Node declares a `require` of its own, which collides with the one electron-vite adds
    plugins: [jpegWasm],
    resolve: { alias: { fflate: resolve('node_modules/fflate/esm/browser.js') } },
    build: {
      target: 'node24',
      sourcemap: true,
      rolldownOptions: {
        input: programs,
        external: ['electron', 'onnxruntime-node', /^onnxruntime-node\//, '@napi-rs/canvas'],
        // all in one folder, so that import.meta.dirname is out/main in shared code too
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'shared-[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node24',
      rolldownOptions: {
        input: { index: 'electron/preload/index.ts' },
        // a sandboxed preload is loaded as CommonJS, whatever package.json says
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      target: 'chrome138',
      outDir: resolve('out/renderer'),
      // the content security policy allows no data: scripts or styles, and small fonts cost nothing as files
      assetsInlineLimit: 0,
      rolldownOptions: { input: { index: resolve('renderer/index.html') } },
    },
  },
})
