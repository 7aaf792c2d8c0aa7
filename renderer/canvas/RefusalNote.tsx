import { memo, useEffect } from 'react'
import { useText } from '../i18n/index.ts'
import { IconButton } from '../kit/Button.tsx'
import { Icon } from '../kit/Icon.tsx'
import { useStore } from '../state/store.ts'

const WIDTH = 300

/** Why a connection was refused, where it happened. Goes with the next click, key or after some time. */
export const RefusalNote = memo(function RefusalNote() {
  const refusal = useStore((s) => s.view.refusal)
  const refuse = useStore((s) => s.view.refuse)
  const t = useText('canvas')
  useEffect(() => {
    if (!refusal) return
    const timer = setTimeout(() => refuse(null), 12_000)
    return () => clearTimeout(timer)
  }, [refusal, refuse])
  if (!refusal) return <div role="alert" className="sr-only" />
  const left = Math.max(8, Math.min(refusal.screen.x + 10, innerWidth - WIDTH - 8))
  const top = Math.max(8, Math.min(refusal.screen.y + 14, innerHeight - 140))
  return (
    <div className="refusal" role="alert" style={{ left, top, width: WIDTH }}>
      <Icon name="error" />
      <b>{refusal.title}</b>
      <IconButton icon="close" size="sm" label={t('close')} onClick={() => refuse(null)} />
      <p>{refusal.detail}</p>
    </div>
  )
})
