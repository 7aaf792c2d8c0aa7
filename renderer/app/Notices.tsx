import { useText } from '../i18n/index.ts'
import { IconButton } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import type { IconName } from '../kit/icons.ts'
import { useStore } from '../state/store.ts'
import type { Notice } from '../state/ui.ts'

const ICONS: Record<Notice['kind'], IconName> = { info: 'info', ok: 'ok', warn: 'warn', bad: 'error' }

/** Short messages at the foot of the window; errors stay until they are closed. */
export function Notices() {
  const t = useText('common')
  const notices = useStore((s) => s.ui.notices)
  const dismiss = useStore((s) => s.ui.dismiss)
  return (
    <section className="notices" aria-label={t('notices')} aria-live="polite">
      {notices.map((notice) => (
        <div
          key={notice.id}
          className={`notice ${notice.kind}`}
          role={notice.kind === 'bad' ? 'alert' : 'status'}
        >
          <Icon name={ICONS[notice.kind]} />
          <p>{notice.text}</p>
          <IconButton
            icon="close"
            size="sm"
            side="top"
            label={t('close')}
            onClick={() => dismiss(notice.id)}
          />
        </div>
      ))}
    </section>
  )
}
