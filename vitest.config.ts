import { defineConfig } from 'vitest/config'
import { testEnvironment } from './test/home.ts'

export default defineConfig({
  test: {
    env: testEnvironment(),
    include: ['{core,presets,renderer,electron,test,scripts}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'test/e2e/**', 'test/double/**'],
    // two cores is what CI has; more workers only take memory from one another
    maxWorkers: 2,
    testTimeout: 60_000,
  },
})
