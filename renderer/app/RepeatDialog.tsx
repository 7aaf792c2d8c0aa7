import { useState } from 'react'
import { MOST_REPEATS } from '../../core/commands/index.ts'
import { repeatBlock, selectedBlocks } from '../canvas/blocks.ts'
import { useText } from '../i18n/index.ts'
import { Button } from '../kit/Button.tsx'
import { Dialog } from '../kit/Dialog.tsx'
import { Field } from '../kit/Field.tsx'
import { useStore } from '../state/store.ts'

/** Asks how often the selected block is to stand in a row. */
export function RepeatDialog({ onClose }: { onClose(): void }) {
  const t = useText('app')
  const [group] = selectedBlocks()
  const name = useStore((s) => s.document.document.groups.find(({ id }) => id === group)?.name ?? '')
  const [draft, setDraft] = useState('3')
  const times = Number(draft)
  const fits = Number.isInteger(times) && times >= 2 && times <= MOST_REPEATS
  if (group === undefined) return null
  const repeat = () => {
    if (!fits) return
    onClose()
    repeatBlock(group, times)
  }
  return (
    <Dialog
      open
      title={t('repeat.title', { name })}
      width={400}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('repeat.cancel')}</Button>
          <Button variant="primary" disabled={!fits} onClick={repeat}>
            {t('repeat.do')}
          </Button>
        </>
      }
    >
      <Field
        label={t('repeat.times')}
        inputMode="numeric"
        value={draft}
        unit={`2–${MOST_REPEATS}`}
        help={t('repeat.help')}
        autoFocus
        onChange={setDraft}
        onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && repeat()}
      />
    </Dialog>
  )
}
