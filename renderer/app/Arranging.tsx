import { useEffect, useState } from 'react'
import { count } from '../analysis/format.ts'
import { stopArranging } from '../canvas/arrangeLayers.ts'
import { useText } from '../i18n/index.ts'
import { Meter } from '../kit/Meter.tsx'
import { useStore } from '../state/store.ts'
import type { Arranging as Progress } from '../state/view.ts'

/** Told while a layout is being worked out: how many layers and blocks are laid out, for how long, and how to stop it. */
export function Arranging() {
  const arranging = useStore((s) => s.view.arranging)
  return <div role="status">{arranging && <Told progress={arranging} />}</div>
}

function Told({ progress: { total, placed, since } }: { progress: Progress }) {
  const t = useText('app')
  const seconds = useSeconds(since)
  return (
    <div className="status-arranging">
      {t('arranging.title')}
      <Meter label={t('arranging.title')} share={placed / total} />
      <span aria-live="off">
        {t('arranging.placed', { placed: count(placed), total: count(total), seconds })}
      </span>
      <button type="button" onClick={stopArranging}>
        {t('arranging.cancel')} <kbd>Esc</kbd>
      </button>
    </div>
  )
}

/** Whole seconds since then, counted on. */
function useSeconds(since: number): number {
  const [now, setNow] = useState(since)
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return Math.floor(Math.max(0, now - since) / 1000)
}
