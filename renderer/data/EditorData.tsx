import { useState } from 'react'
import { commands } from '../../core/commands/index.ts'
import { defaultRecipe } from '../../core/network/recipe.ts'
import type { Augment } from '../../core/network/schema.ts'
import { useText } from '../i18n/index.ts'
import { useStore } from '../state/store.ts'
import { draftOf, sourceOf } from '../training/draft.ts'
import { DataPanel } from './DataPanel.tsx'
import { rememberSource } from './remembered.ts'
import type { SourceDraft } from './SourceFields.tsx'

/** The data that the editor's network would be trained on; settings go into its recipe, as a step that can be undone. */
export function EditorData({ onClose }: { onClose(): void }) {
  const t = useText('data')
  const document = useStore((s) => s.document.document)
  const notify = useStore((s) => s.ui.notify)
  const [first] = useState(() => draftOf(document, {}))
  const [draft, setDraft] = useState<SourceDraft>({ source: first.source, folder: first.folder })
  const choose = (change: Partial<SourceDraft>) => {
    const next = { ...draft, ...change }
    setDraft(next)
    const source = sourceOf(next)
    // the training dialog begins with it
    if (source !== null) rememberSource(source)
  }
  const use = (augment: Augment | undefined) => {
    const { augment: _, ...recipe } = document.recipe ?? defaultRecipe
    useStore
      .getState()
      .document.run(commands.setRecipe, { recipe: augment ? { ...recipe, augment } : recipe })
    notify('ok', t('augment.used'))
  }
  return (
    <DataPanel
      document={document}
      draft={draft}
      seed={Number(first.seed)}
      validation={Number(first.validation) / 100}
      onSource={choose}
      onAugment={use}
      onClose={onClose}
    />
  )
}
