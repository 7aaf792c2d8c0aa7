import { AnalysisDrawer } from '../analysis/AnalysisDrawer.tsx'

/** The screen where a network is drawn. */
export function Editor() {
  return (
    <div className="editor">
      <AnalysisDrawer />
    </div>
  )
}
