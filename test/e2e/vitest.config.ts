import { defineConfig } from 'vitest/config'
import { testEnvironment } from '../home.ts'

export default defineConfig({
  test: {
    env: testEnvironment(),
    include: ['test/e2e/**/*.test.ts'],
    root: new URL('../..', import.meta.url).pathname,
    // each of them starts a browser, and most of them a trainer that wants all cores
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // the built app and the double it runs on are taken as they are: nothing of vite may come between
    server: { deps: { external: [/[\\/]out[\\/]main[\\/]/, /[\\/]test[\\/]double[\\/]/] } },
  },
})
