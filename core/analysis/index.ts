export { analyze } from './analyze.ts'
export { canConnect, type Refusal } from './connect.ts'
export { type Paths, pathsOf, rangeOf, shareOf, showWays } from './paths.ts'
export type { Analysis, LayerReport, Totals } from './report.ts'
