import type { Layer } from '../../core/network/schema.ts'
import { useText } from '../i18n/index.ts'
import { useStore } from '../state/store.ts'
import { BlockPanel } from './BlockPanel.tsx'
import './inspector.css'
import { LayerPanel } from './LayerPanel.tsx'
import { MixedPanel, NetworkPanel } from './NetworkPanel.tsx'

/** What is selected, as a form made from the layer kind's own description of its parameters. */
export function Inspector() {
  const t = useText('inspector')
  const all = useStore((s) => s.document.document.layers)
  const selection = useStore((s) => s.view.selection)
  const groups = useStore((s) => s.document.document.groups)
  const chosen = new Set(selection)
  const layers = all.filter((layer) => chosen.has(layer.id))
  const blocks = groups.filter((group) => chosen.has(group.id))
  const [block] = blocks
  const only = block && blocks.length === 1 && layers.length === 0
  return (
    <aside className="panel inspector" aria-label={t('inspector')}>
      {only ? <BlockPanel group={block} /> : <Content layers={layers} />}
    </aside>
  )
}

function Content({ layers }: { layers: readonly Layer[] }) {
  const [first, ...rest] = layers
  if (!first) return <NetworkPanel />
  if (rest.every((layer) => layer.kind === first.kind)) return <LayerPanel layers={[first, ...rest]} />
  return <MixedPanel layers={layers} />
}
