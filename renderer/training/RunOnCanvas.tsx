import { useEffect, useMemo } from 'react'
import { useStore } from '../state/store.ts'
import { useFeed } from './feed.ts'
import { TryOnCanvas } from './look/TryOnCanvas.tsx'
import { issuesByNode, issuesOf, mapsByNode, nothingOnCanvas, sameLayers } from './onCanvas.ts'
import { trains } from './runs.ts'

/**
 * Tells the canvas what the run of its network has to say: gradients that vanish or explode, and what layers make of the
 * image that is being tried. The run that trains comes before the one that is chosen.
 */
export function RunOnCanvas() {
  const document = useStore((s) => s.document.document)
  const list = useStore((s) => s.run.list)
  const selected = useStore((s) => s.run.selected)
  const opened = useStore((s) => s.run.opened)
  const tried = useStore((s) => s.run.tried)
  const put = useStore((s) => s.run.putOnCanvas)
  const fits = (runId: string | null | undefined) => {
    const used = runId && opened[runId]
    return used && sameLayers(used.document, document) ? runId : null
  }
  const runId = fits(list.find(trains)?.runId) ?? fits(selected)
  const shown = fits(tried?.runId) === null ? null : tried
  const feed = useFeed(runId)
  // what the marks are made from; a run tells of its steps far more often
  const pictures = feed?.layers.pictures
  const failed = feed?.status.failed
  // of a run that failed, the last one it told of
  const step = failed ? feed?.metrics.steps.last('step') : undefined
  const issues = useMemo(
    () =>
      pictures
        ? issuesByNode(document, issuesOf(pictures, failed ?? null, step || 0))
        : nothingOnCanvas.issues,
    [document, pictures, failed, step],
  )
  const layers = shown?.layers
  const maps = useMemo(
    () => (layers ? mapsByNode(document, layers) : nothingOnCanvas.maps),
    [document, layers],
  )
  useEffect(() => put({ issues, maps }), [put, issues, maps])
  useEffect(() => () => put(nothingOnCanvas), [put])
  return shown && <TryOnCanvas key={shown.runId} runId={shown.runId} />
}
