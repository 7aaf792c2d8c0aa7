import { useCallback, useEffect } from 'react'
import { percent } from '../../analysis/format.ts'
import { useText } from '../../i18n/index.ts'
import { IconButton } from '../../kit/Button.tsx'
import { useStore } from '../../state/store.ts'
import { DrawPad } from './DrawPad.tsx'
import './look.css'
import './maps.css'
import { useImageDrop } from './useImageDrop.ts'
import { type LookImage, useLook } from './useLook.ts'

/** Draws over the canvas, while every layer on it shows what it makes of the drawing. */
export function TryOnCanvas({ runId }: { runId: string }) {
  const t = useText('look')
  const name = useStore((s) => s.run.list.find((run) => run.runId === runId)?.name)
  const says = useStore((s) => s.run.tried?.top ?? null)
  const input = useStore((s) => s.run.tried?.input ?? null)
  const tryOut = useStore((s) => s.run.tryOut)
  const { answer, failure, busy, ask, clear } = useLook(runId)
  const show = useCallback((image: LookImage) => void ask(image), [ask])
  const { over, taken, handlers } = useImageDrop(show)
  useEffect(() => {
    if (answer) tryOut({ runId, layers: answer.layers, top: answer.top[0] ?? null, input: answer.input })
  }, [answer, runId, tryOut])
  const empty = () => {
    clear()
    tryOut({ runId, layers: [], top: null, input: null })
  }
  return (
    <section
      className="try-on-canvas nowheel"
      aria-label={t('canvas.title', { name })}
      data-over={over || undefined}
      {...handlers}
    >
      <header className="row">
        <h2 className="grow ell">{t('canvas.title', { name })}</h2>
        <IconButton icon="close" size="sm" label={t('canvas.close')} onClick={() => tryOut(null)} />
      </header>
      <DrawPad key={taken} first={taken > 0 ? null : input} onImage={show} onClear={empty} />
      <div role="status" className="look-status">
        {failure !== null ? (
          <p className="bad selectable">{failure}</p>
        ) : (
          <p>
            {says
              ? t('says', { class: says.class, share: percent(says.probability) })
              : t(busy ? 'busy' : 'canvas.empty')}
          </p>
        )}
      </div>
    </section>
  )
}
