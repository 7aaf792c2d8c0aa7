import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{core,presets,renderer,electron,test,scripts}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'test/e2e/**', 'test/double/**'],
    // two cores is what CI has; more workers only take memory from one another
    maxWorkers: 2,
    testTimeout: 60_000,
  },
})
