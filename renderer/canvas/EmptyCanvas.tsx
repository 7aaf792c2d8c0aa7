import { actions } from '../app/actions.ts'
import { useKeys } from '../app/keymap.ts'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Empty } from '../kit/Empty.tsx'
import { Keys } from '../kit/Keys.tsx'
import { useStore } from '../state/store.ts'

/** The ways to begin, over a canvas that stays alive behind. */
export function EmptyCanvas() {
  const t = useText('canvas')
  const keys = useKeys('quickAdd')
  const show = useStore((s) => s.ui.show)
  return (
    <div className="empty-canvas">
      <Empty
        icon="cat-block"
        title={t('empty.title')}
        actions={
          <>
            <Button icon="plus" onClick={actions.quickAdd.run}>
              {t('empty.add')}
              {keys && <Keys keys={keys} />}
            </Button>
            <Button onClick={() => show('gallery')}>{t('empty.gallery')}</Button>
          </>
        }
      >
        {t('empty.text')}
      </Empty>
    </div>
  )
}
