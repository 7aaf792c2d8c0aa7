import { ViewportPortal } from '@xyflow/react'
import { memo, useMemo } from 'react'
import type { WireEdge } from './scene.ts'

/** Above this many wires those seen from far above are drawn as one. */
export const MANY_WIRES = 400

/** All wires as two lines, whole and broken ones: what is seen of thousands from so far above that none can be picked. */
export const FarWires = memo(function FarWires({ edges }: { edges: readonly WireEdge[] }) {
  const [whole, broken] = useMemo(
    () =>
      [false, true].map((which) =>
        edges
          .filter(({ data }) => data!.broken === which)
          .map(({ data }) => data!.route.path)
          .join(' '),
      ),
    [edges],
  )
  return (
    <ViewportPortal>
      <svg className="far-wires" aria-hidden="true">
        <path d={whole} />
        {broken && <path className="broken" d={broken} />}
      </svg>
    </ViewportPortal>
  )
})
