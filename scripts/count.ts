/** The part of vitest's JSON report that is counted. */
interface Report {
  readonly success: boolean
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
}

interface Count {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/**
 * Adds up vitest's JSON reports and the stages that are no tests. `reports` are parsed reports, or null for a run that
 * wrote none; `failedStages` is how many of the others failed. A run that failed without a failed test (a file that
 * could not be loaded, an error outside of tests) counts as one failure.
 */
export function countResults(reports: readonly (Report | null)[], failedStages: number): Count {
  let passed = 0
  let failed = failedStages
  let skipped = 0
  for (const report of reports) {
    if (report === null) {
      failed += 1
      continue
    }
    passed += report.numPassedTests
    failed += report.success === false ? Math.max(1, report.numFailedTests) : report.numFailedTests
    skipped += report.numPendingTests + report.numTodoTests
  }
  return { passed, failed, skipped }
}

/** The last line of `npm test`. */
export const countLine = ({ passed, failed, skipped }: Count): string =>
  `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`
