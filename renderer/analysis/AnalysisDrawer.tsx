/** Stands here until its room is built. */
export function AnalysisDrawer() {
  return null
}
