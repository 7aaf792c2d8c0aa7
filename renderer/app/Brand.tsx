import { useText } from '../i18n/index.ts'
import { Tooltip } from '../kit/Tooltip.tsx'
import { useStore } from '../state/store.ts'

/** The product's mark: threads of two colours woven into one cloth. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg className="mark-svg" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d="M3 5h3.5M10 5h7M3 10h7.5M13.7 10H17M3 15h3.5M10 15h7" stroke="var(--cat-conv)" />
      <path d="M8.2 2.5v9.2M8.2 15.2v2.3M12 2.5v4.2M12 9v8.5" stroke="var(--accent-line)" />
    </svg>
  )
}

/** The mark as the way back to the gallery. */
export function Brand() {
  const t = useText('app')
  const show = useStore((s) => s.ui.show)
  return (
    <Tooltip text={t('toGallery')}>
      <button type="button" className="brand" aria-label={t('toGallery')} onClick={() => show('gallery')}>
        <Mark />
      </button>
    </Tooltip>
  )
}
