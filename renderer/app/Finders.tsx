import { canConnect } from '../../core/analysis/connect.ts'
import { commands } from '../../core/commands/index.ts'
import { anatomyOf } from '../../core/drawing/size.ts'
import type { Layer } from '../../core/network/schema.ts'
import { shape as writeShape } from '../analysis/format.ts'
import { reveal } from '../canvas/blocks.ts'
import { stage } from '../canvas/stage.ts'
import { usePick, useText } from '../i18n/index.ts'
import { Dialog } from '../kit/Dialog.tsx'
import { Finder } from '../kit/Finder.tsx'
import { finds, found } from '../palette/search.ts'
import { useStore } from '../state/store.ts'
import { actionNames, actionOf } from './actions.ts'
import { keysOf } from './keymap.ts'
import { actionLabel } from './menus.ts'

const close = () => useStore.getState().view.openDialog(null)

function useLayerItem() {
  const pick = usePick()
  return (layer: Layer) => {
    const { kind, category } = anatomyOf(layer)
    return {
      id: layer.id,
      label: layer.name,
      icon: `cat-${category}` as const,
      category,
      title: kind ? pick(kind.title) : layer.kind,
    }
  }
}

/** Finds a layer by its name or kind, and goes there. */
export function FindLayer() {
  const t = useText('app')
  const item = useLayerItem()
  const layers = useStore((s) => s.document.document.layers)
  const analysis = useStore((s) => s.document.analysis)
  const search = (query: string) =>
    found(query, layers, (layer) => [layer.name, layer.kind, anatomyOf(layer).kind?.title ?? '']).map(
      (layer) => {
        const shape = analysis.layers.get(layer.id)?.outputShape ?? null
        const { title, ...rest } = item(layer)
        return { ...rest, detail: shape ? `${title} · ${writeShape(shape)}` : title }
      },
    )
  const go = (id: string) => {
    close()
    useStore.getState().view.select([id])
    reveal([id])
    setTimeout(() => stage.focus(id), 0)
  }
  return (
    <Dialog open title={t('find.title')} width={440} bare onClose={close}>
      <Finder
        label={t('find.title')}
        placeholder={t('find.placeholder')}
        empty={(query) => t('find.none', { query })}
        search={search}
        onPick={go}
      />
    </Dialog>
  )
}

/** Every action by name; what can't be done now is dimmed. */
export function AllCommands() {
  const t = useText('app')
  const search = (query: string) => {
    const store = useStore.getState()
    const others = actionNames.filter((name) => name !== 'commands')
    return found(query, others, (name) => [actionLabel(name, store), name]).map((name) => {
      const { icon, enabled } = actionOf(name)
      return {
        id: name,
        label: actionLabel(name, store),
        icon: icon ?? ('arrow' as const),
        keys: keysOf(name),
        disabled: !(enabled?.(store) ?? true),
      }
    })
  }
  const run = (id: string) => {
    close()
    const name = actionNames.find((n) => n === id)
    // after the dialog has given the focus back
    if (name) setTimeout(() => actionOf(name).run(), 0)
  }
  return (
    <Dialog open title={t('commands.title')} width={520} bare onClose={close}>
      <Finder
        label={t('commands.title')}
        placeholder={t('commands.placeholder')}
        empty={(query) => t('commands.none', { query })}
        search={search}
        onPick={run}
      />
    </Dialog>
  )
}

/** Connects the selected layer to another by keyboard alone: every input that there is, those that fit first. */
export function ConnectTo() {
  const t = useText('app')
  const pick = usePick()
  const item = useLayerItem()
  const network = useStore((s) => s.document.document)
  const from = useStore((s) => s.view.selection[0])
  const source = network.layers.find((layer) => layer.id === from)
  if (!source) return null
  const targets = network.layers.flatMap((layer) =>
    layer.id === source.id
      ? []
      : (anatomyOf(layer).kind?.inputs ?? []).map((port) => {
          const refusal = canConnect(network, source.id, { layer: layer.id, port: port.name })
          const refused = refusal !== null && refusal.code !== 'port-full'
          const { title, ...rest } = item(layer)
          const detail = refused ? pick(refusal.message) : refusal ? t('connect.replaces') : title
          return { ...rest, id: `${layer.id} ${port.name}`, detail, disabled: refused }
        }),
  )
  targets.sort((a, b) => Number(a.disabled) - Number(b.disabled))
  const connect = (id: string) => {
    close()
    const [layer = '', port = ''] = id.split(' ')
    useStore
      .getState()
      .document.run(commands.connect, { from: { layer: source.id, port: 'out' }, to: { layer, port } })
    setTimeout(() => stage.focus(layer), 0)
  }
  const title = t('connect.title', { name: source.name })
  return (
    <Dialog open title={title} width={520} bare onClose={close}>
      <Finder
        label={title}
        placeholder={t('connect.placeholder')}
        empty={() => t('connect.none')}
        search={(query) => targets.filter(({ label, detail }) => finds(query, label, detail))}
        onPick={connect}
      />
    </Dialog>
  )
}
